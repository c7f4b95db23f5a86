package import Domain
package import TransportCore

// The wire form of every expected error: a status for any client, and a reason from which our own
// clients restore the same error.

extension RPCError {
    /// The status of `error`, without internal text.
    package init(_ error: DomainError) {
        switch error {
        case .invalid(let violations):
            self.init(
                .invalidArgument,
                violations.map { "\($0.field) \($0.description)" }.joined(separator: "; "),
                reason: Reason.invalid,
                violations: violations.map { .init(field: $0.field, description: $0.description) }
            )
        case .notFound(let resource):
            self.init(.notFound, "there is no such \(resource.rawValue)", reason: Reason.notFound)
        case .conflict(let field), .orderConflict(let field), .idempotencyConflict(let field):
            self.init(
                .alreadyExists,
                "recorded before with another \(field)",
                reason: error.conflictReason,
                metadata: ["field": field]
            )
        case .refundExceedsRemaining(let remaining):
            self.init(
                .failedPrecondition,
                "only \(remaining) can still be refunded",
                reason: Reason.refundExceedsRemaining,
                metadata: ["remaining": "\(remaining)"]
            )
        case .alreadyRefunded:
            self.init(
                .failedPrecondition,
                "nothing remains to be refunded",
                reason: Reason.alreadyRefunded
            )
        case .tooManyRefunds(let remaining):
            self.init(
                .failedPrecondition,
                "only one more refund is taken, of all that remains",
                reason: Reason.tooManyRefunds,
                metadata: ["remaining": "\(remaining)"]
            )
        default: self.init(operational: error)
        }
    }

    private init(operational error: DomainError) {
        switch error {
        case .unavailable(let wait):
            self.init(
                .unavailable,
                "nothing happened; ask again",
                reason: Reason.unavailable,
                retryAfter: wait
            )
        case .storeFull:
            self.init(
                .resourceExhausted,
                "nothing happened: the ledger's store is full",
                reason: Reason.storeFull
            )
        case .overloaded(let wait):
            self.init(
                .resourceExhausted,
                "too busy; ask again",
                reason: Reason.overload,
                retryAfter: wait
            )
        case .rateLimited(let wait):
            self.init(
                .resourceExhausted,
                "too many requests",
                reason: Reason.rateLimited,
                retryAfter: wait
            )
        case .outcomeUnknown:
            self.init(
                .deadlineExceeded,
                "the outcome is not known; ask again",
                reason: Reason.outcomeUnknown
            )
        case .unauthenticated: self.init(.unauthenticated, "the credentials were refused")
        case .permissionDenied(let scope):
            self.init(.permissionDenied, "scope '\(scope)' is missing")
        case .cancelled: self.init(.cancelled, "the call was given up")
        case .unimplemented: self.init(.unimplemented, "not known here")
        default: self.init(.internalError, "something is broken; the log knows what")
        }
    }
}

/// The effect of a call at its callee.
package enum CallEffect: Hashable, Sendable {
    case read
    case write
}

extension DomainError {
    /// Restores the Domain error from a service's status.
    ///
    /// Without a reason of ours the call may have taken effect, unless it was never processed or
    /// only reads.
    package init(_ error: RPCError, of effect: CallEffect) {
        self = Self(reasonOf: error) ?? Self(codeOf: error, effect)
    }

    private init?(reasonOf error: RPCError) {
        // Computed on demand, because it parses the metadata on each access.
        var metadata: [String: String] { error.reasonMetadata ?? [:] }
        switch error.reason {
        case Reason.invalid:
            self = .invalid(
                (error.fieldViolations ?? []).map { FieldViolation($0.field, $0.description) }
            )
        case Reason.notFound: self = .notFound(.payment)
        case Reason.conflict: self = .conflict(field: metadata["field"] ?? "")
        case Reason.orderConflict: self = .orderConflict(field: metadata["field"] ?? "")
        case Reason.idempotencyConflict: self = .idempotencyConflict(field: metadata["field"] ?? "")
        case Reason.refundExceedsRemaining:
            self = .refundExceedsRemaining(remaining: Self.remaining(in: metadata))
        case Reason.tooManyRefunds:
            self = .tooManyRefunds(remaining: Self.remaining(in: metadata))
        case Reason.alreadyRefunded: self = .alreadyRefunded
        case Reason.unavailable, HealthGate.reason, BreakerChannel.reason:
            self = .unavailable(retryAfter: error.retryAfter)
        case Reason.storeFull: self = .storeFull
        case Reason.overload: self = .overloaded(retryAfter: error.retryAfter)
        case Reason.rateLimited: self = .rateLimited(retryAfter: error.retryAfter)
        case Reason.outcomeUnknown: self = .outcomeUnknown
        default: return nil
        }
    }

    private static func remaining(in metadata: [String: String]) -> Int64 {
        metadata["remaining"].flatMap { Int64($0) } ?? 0
    }

    private init(codeOf error: RPCError, _ effect: CallEffect) {
        let hadNone = error.wasNeverProcessed || effect == .read
        self =
            switch error.code {
            case .deadlineExceeded: .outcomeUnknown
            case .unavailable: hadNone ? .unavailable(retryAfter: nil) : .outcomeUnknown
            case .resourceExhausted: hadNone ? .overloaded(retryAfter: nil) : .outcomeUnknown
            // The callee refused our token before it did anything; a fresh token may pass.
            case .unauthenticated, .permissionDenied: .unavailable(retryAfter: nil)
            case .cancelled: .cancelled
            case .unimplemented: .unimplemented
            default: .internalFault
            }
    }

    fileprivate var conflictReason: String {
        switch self {
        case .orderConflict: Reason.orderConflict
        case .idempotencyConflict: Reason.idempotencyConflict
        default: Reason.conflict
        }
    }
}

/// The reasons in `google.rpc.ErrorInfo` that our services use.
private enum Reason {
    static let invalid = "INVALID"
    static let notFound = "PAYMENT_NOT_FOUND"
    static let conflict = "CONFLICT"
    static let orderConflict = "ORDER_CONFLICT"
    static let idempotencyConflict = "IDEMPOTENCY_KEY_REUSED"
    static let refundExceedsRemaining = "REFUND_EXCEEDS_REMAINING"
    static let alreadyRefunded = "ALREADY_REFUNDED"
    static let tooManyRefunds = "TOO_MANY_REFUNDS"
    static let unavailable = "UNAVAILABLE"
    static let storeFull = "STORE_FULL"
    static let overload = ConcurrencyLimiter.reason
    static let rateLimited = "RATE_LIMITED"
    static let outcomeUnknown = "OUTCOME_UNKNOWN"
}
