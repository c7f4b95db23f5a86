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
