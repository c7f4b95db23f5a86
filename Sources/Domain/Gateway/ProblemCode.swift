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

extension ProblemCode {
    /// A short title, the same for every problem of this code.
    package var title: String {
        switch self {
        case .malformedRequest: "The request is malformed"
        case .malformedTarget: "The request target is malformed"
        case .requestTimeout: "The request took too long"
        case .headerTooLarge: "The request header is too large"
        case .malformedBody: "The body cannot be read"
        case .validationFailed: "The request breaks a rule"
        case .unknownField: "The request has an unknown field"
        case .ambiguousField: "The request says two things at once"
        case .bodyTooLarge: "The body is too large"
        case .unsupportedMediaType: "The content type is not supported"
        case .missingCredentials: "A bearer token is required"
        case .invalidToken: "The bearer token is not valid"
        case .insufficientScope: "The bearer token lacks a scope"
        case .routeNotFound: "There is nothing at this path"
        case .methodNotAllowed: "The path does not take this method"
        case .unknownAction: "There is no such action"
        case .paymentNotFound: "There is no such payment"
        case .conflict: "It was recorded otherwise before"
        case .orderConflict: "The order was paid otherwise before"
        case .idempotencyKeyReused: "The idempotency key was used for another request"
        case .refundExceedsRemaining: "The refund exceeds what remains"
        case .alreadyRefunded: "The payment is refunded already"
        case .tooManyRefunds: "The payment has too many refunds"
        case .rateLimited: "Too many requests"
        case .cancelled: "The client went away"
        case .internalFault: "Something went wrong"
        case .unimplemented: "This cannot be done here"
        case .unavailable: "The service is not available"
        case .overloaded: "The service is overloaded"
        case .outcomeUnknown: "The outcome is not known"
        }
    }
}
