/// Every error that one service may expect from another.
///
/// One file maps each case to a wire status and back. An error for which ``isIndefinite`` is true
/// leaves it open whether the call took effect; every other error means that it did not. A lost
/// connection is therefore ``unavailable(retryAfter:)`` only if the request was never sent.
package enum DomainError: Error, Hashable, Sendable {
    /// The message broke rules; lists every violation in the order of the fields.
    case invalid([FieldViolation])
    /// No such resource, or the caller may not know of it.
    case notFound(Resource)
    /// The ledger holds this id with another value of `field`.
    case conflict(field: String)
    /// The order was paid with another value of `field`.
    case orderConflict(field: String)
    /// The idempotency key was used with another value of `field`.
    case idempotencyConflict(field: String)
    /// The refund asks for more than `remaining`, in minor units of the payment's currency.
    case refundExceedsRemaining(remaining: Int64)
    /// Nothing of the payment remains to be refunded.
    case alreadyRefunded
    /// The payment has reached its limit of refunds; the last one must take all of `remaining`, in
    /// minor units.
    case tooManyRefunds(remaining: Int64)
    /// The deadline passed or the reply was lost, and the call may have taken effect. Retry with
    /// the same request.
    case outcomeUnknown
    /// No server could take the call, and nothing happened. Retry.
    case unavailable(retryAfter: Duration?)
    /// The ledger's store is full, and nothing happened. Retry.
    case storeFull
    /// The callee shed the call to protect itself, and nothing happened. Retry.
    case overloaded(retryAfter: Duration?)
    /// The caller exceeded its rate limit, and nothing happened. Retry.
    case rateLimited(retryAfter: Duration?)
    /// The caller's credentials were refused.
    case unauthenticated
    /// The caller's credentials lack `scope`.
    case permissionDenied(scope: String)
    /// The caller cancelled the call, which may have taken effect.
    case cancelled
    /// The callee does not know the method.
    case unimplemented
    /// A bug or a broken store; the log holds the cause. The call may have taken effect.
    case internalFault

    /// True if the call may have taken effect; a retry of the same request finds out.
    package var isIndefinite: Bool {
        switch self {
        case .outcomeUnknown, .cancelled, .internalFault: true
        default: false
        }
    }

    /// Kinds of resources that a call can fail to find.
    package enum Resource: String, Hashable, Sendable {
        case payment
    }
}

/// A rule broken by a field of a message.
package struct FieldViolation: Hashable, Sendable {
    /// The field's name on the wire, such as `order_id`.
    package var field: String

    /// The requirement on the field; safe to show to the caller.
    package var description: String

    package init(_ field: String, _ description: String) {
        self.field = field
        self.description = description
    }
}
