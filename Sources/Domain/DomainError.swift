/// Every failure that one service may expect of another.
///
/// Bindings map each case to a wire status and back, in one file. Where ``isIndefinite`` the call may
/// have had its effect; every other case means that it had none, so a lost connection is
/// ``unavailable(retryAfter:)`` only when the request was never sent.
package enum DomainError: Error, Hashable, Sendable {
    /// The message broke rules; all of them are named, in the order of the fields.
    case invalid([FieldViolation])
    /// There is no such thing, or it is not the asker's to know about.
    case notFound(Resource)
    /// The ledger holds this id with another value of `field`.
    case conflict(field: String)
    /// The order was paid with another value of `field`.
    case orderConflict(field: String)
    /// The idempotency key was used with another value of `field`.
    case idempotencyConflict(field: String)
    /// More was asked back than `remaining`, in minor units of the payment's currency.
    case refundExceedsRemaining(remaining: Int64)
    /// Nothing of the payment remains to be refunded.
    case alreadyRefunded
    /// The payment has had so many refunds that only one of all that remains, in minor units, is
    /// taken.
    case tooManyRefunds(remaining: Int64)
    /// The deadline passed or the reply was lost: it may have happened or not. Ask again.
    case outcomeUnknown
    /// Nobody could serve the call, and nothing happened. Ask again.
    case unavailable(retryAfter: Duration?)
    /// The ledger has no room to record it, and nothing happened. Ask again.
    case storeFull
    /// The callee shed the call to protect itself, and nothing happened. Ask again.
    case overloaded(retryAfter: Duration?)
    /// The caller used up its share, and nothing happened. Ask again.
    case rateLimited(retryAfter: Duration?)
    /// The caller's credentials were refused.
    case unauthenticated
    /// The caller's credentials lack `scope`.
    case permissionDenied(scope: String)
    /// The caller gave the call up; it may have happened or not.
    case cancelled
    /// The callee does not know the method.
    case unimplemented
    /// A bug or a broken store; operators find the cause in the log. It may have happened or not.
    case internalFault

    /// Whether the effect may be there in spite of the error; asking again settles it.
    package var isIndefinite: Bool {
        switch self {
        case .outcomeUnknown, .cancelled, .internalFault: true
        default: false
        }
    }

    /// What can be asked for and not be there.
    package enum Resource: String, Hashable, Sendable {
        case payment
    }
}

/// One rule broken by one field of a message.
package struct FieldViolation: Hashable, Sendable {
    /// The field's name on the wire, such as `order_id`.
    package var field: String

    /// What the field must be; safe to show to the caller.
    package var description: String

    package init(_ field: String, _ description: String) {
        self.field = field
        self.description = description
    }
}
