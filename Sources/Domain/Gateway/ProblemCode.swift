/// Error codes of the HTTP API; the names are part of the contract.
package enum ProblemCode: String, Hashable, Sendable, CaseIterable {
    // The edge could not read the request.
    case malformedRequest = "malformed_request"
    case malformedTarget = "malformed_target"
    case requestTimeout = "request_timeout"
    case headerTooLarge = "header_too_large"

    // The request is unreadable or breaks a rule.
    case malformedBody = "malformed_body"
    case validationFailed = "validation_failed"
    case unknownField = "unknown_field"
    case ambiguousField = "ambiguous_field"
    case bodyTooLarge = "body_too_large"
    case unsupportedMediaType = "unsupported_media_type"

    // The caller may not do this.
    case missingCredentials = "missing_credentials"
    case invalidToken = "invalid_token"
    case insufficientScope = "insufficient_scope"

    // The target does not exist.
    case routeNotFound = "route_not_found"
    case methodNotAllowed = "method_not_allowed"
    case unknownAction = "unknown_action"
    case paymentNotFound = "payment_not_found"

    // The current state forbids it.
    case conflict
    case orderConflict = "order_conflict"
    case idempotencyKeyReused = "idempotency_key_reused"
    case refundExceedsRemaining = "refund_exceeds_remaining"
    case alreadyRefunded = "already_refunded"
    case tooManyRefunds = "too_many_refunds"

    // The request failed this time.
    case rateLimited = "rate_limited"
    case cancelled
    case internalFault = "internal"
    case unimplemented
    case unavailable
    case overloaded
    case outcomeUnknown = "outcome_unknown"

    /// The HTTP status code.
    package var status: Int {
        switch self {
        case .malformedRequest, .malformedTarget, .malformedBody, .validationFailed,
            .unknownField, .ambiguousField:
            400
        case .missingCredentials, .invalidToken: 401
        case .insufficientScope: 403
        case .routeNotFound, .unknownAction, .paymentNotFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .conflict, .orderConflict, .refundExceedsRemaining, .alreadyRefunded, .tooManyRefunds:
            409
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .idempotencyKeyReused: 422
        case .rateLimited: 429
        case .headerTooLarge: 431
        case .cancelled: 499
        case .internalFault: 500
        case .unimplemented: 501
        case .unavailable, .overloaded: 503
        case .outcomeUnknown: 504
        }
    }

    /// True if the same request may succeed later.
    package var isRetryable: Bool {
        switch self {
        case .requestTimeout, .rateLimited, .cancelled, .unavailable, .overloaded, .outcomeUnknown:
            true
        default: false
        }
    }
}
