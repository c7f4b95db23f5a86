/// The refusals whose reason a history can check, by their codes on the wire.
package enum RefusalCode: String, Hashable, Sendable, CaseIterable {
    case paymentNotFound = "payment_not_found"
    case orderConflict = "order_conflict"
    case idempotencyKeyReused = "idempotency_key_reused"
    case refundExceedsRemaining = "refund_exceeds_remaining"
    case alreadyRefunded = "already_refunded"
    case internalFault = "internal"

    /// The HTTP status of the refusal.
    package var status: Int {
        switch self {
        case .paymentNotFound: 404
        case .orderConflict, .refundExceedsRemaining, .alreadyRefunded: 409
        case .idempotencyKeyReused: 422
        case .internalFault: 500
        }
    }
}
