import StrictJSON

extension Problem {
    /// Maps a service's error to the problem that the client sees.
    init(_ error: DomainError) {
        self =
            switch error {
            case .invalid(let violations): .invalid(violations)
            case .notFound(.payment): Problem(.paymentNotFound, "You have no payment with this id.")
            case .conflict(let field): .conflict(.conflict, field)
            case .orderConflict(let field): .conflict(.orderConflict, field)
            case .idempotencyConflict(let field): .conflict(.idempotencyKeyReused, field)
            case .refundExceedsRemaining(let remaining): .exceeds(remaining)
            case .alreadyRefunded: .alreadyRefunded
            case .tooManyRefunds(let remaining): .tooMany(remaining)
            case .outcomeUnknown: .outcomeUnknown
            case .unavailable(let retryAfter): .later(.unavailable, retryAfter)
            case .storeFull: .later(.unavailable, nil)
            case .overloaded(let retryAfter): .later(.overloaded, retryAfter)
            case .rateLimited(let retryAfter): .later(.rateLimited, retryAfter)
            case .unauthenticated: .invalidToken
            case .permissionDenied(let scope): .insufficientScope(scope)
            case .cancelled: Problem(.cancelled, "The request was cancelled before its answer.")
            case .unimplemented: Problem(.unimplemented, "No service implements this method.")
            case .internalFault: Problem(.internalFault, "The request could not be served.")
            }
    }

    /// Adds the payment id and the generated key when the outcome is unknown, so that the client
    /// can retry.
    init(_ error: DomainError, during plan: ActionPlan?) {
        self.init(error)
        guard error.isIndefinite, let plan else { return }
        // Regardless of the status: a retry finds out what happened.
        self.isRetryable = true
        if let paymentID = plan.paymentID {
            self.members.append(.init("payment_id", .string(paymentID.text)))
        }
        if let key = plan.madeKey {
            self.detail = "The request may have taken effect. To find out, send it again"
            self.detail += " with this idempotency_key as its Idempotency-Key."
            self.members.append(.init("idempotency_key", .string(key.text)))
        }
    }

    static func invalid(_ violations: [FieldViolation]) -> Problem {
        Problem(.validationFailed, "See errors for each field.", violations: violations)
    }

    private static func conflict(_ code: ProblemCode, _ field: String) -> Problem {
        let violation = FieldViolation(field, "differs from the first request")
        return Problem(code, "The first request had another \(field).", violations: [violation])
    }

    private static func exceeds(_ remaining: Int64) -> Problem {
        Problem(
            .refundExceedsRemaining,
            "Only \(remaining) minor units can still be refunded.",
            members: [.init("remaining", .integer(remaining))]
        )
    }

    private static let alreadyRefunded = Problem(
        .alreadyRefunded,
        "All of the payment was refunded before.",
        members: [.init("remaining", .integer(0))]
    )

    private static func tooMany(_ remaining: Int64) -> Problem {
        Problem(
            .tooManyRefunds,
            "A payment has \(LedgerRules.refundsPerPaymentMax) refunds at most, and the last can"
                + " only be of all that remains: leave the amount out.",
            members: [.init("remaining", .integer(remaining))]
        )
    }

    private static let outcomeUnknown = Problem(
        .outcomeUnknown,
        "The request may have taken effect. Send the same request again to find out."
    )

    private static func later(_ code: ProblemCode, _ retryAfter: Duration?) -> Problem {
        let seconds = Self.seconds(retryAfter ?? .seconds(1))
        return Problem(
            code,
            "Nothing happened. Send the same request again later.",
            headers: [.init("Retry-After", "\(seconds)")]
        )
    }

    /// Whole seconds, rounded up, from one second to one hour.
    private static func seconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        guard seconds < 3600 else { return 3600 }
        return max(1, attoseconds > 0 ? seconds + 1 : seconds)
    }
}
