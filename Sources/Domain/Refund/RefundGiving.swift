/// The refund service as the gateway calls it.
package protocol RefundGiving: Sendable {
    /// Refunds a payment once.
    ///
    /// A call that takes too long ends with `outcomeUnknown`; a retry with the same order finds out.
    ///
    /// - Throws: `idempotencyConflict` if the key was used for another order; `notFound`,
    ///   `refundExceedsRemaining`, `alreadyRefunded` or `tooManyRefunds`.
    func createRefund(_ order: RefundOrder) async throws(DomainError) -> RefundReceipt
}

/// The state of a refund; refunds exist only once succeeded.
package enum RefundStatus: String, Hashable, Sendable {
    case succeeded = "SUCCEEDED"
}

extension RefundReceipt {
    /// Always `succeeded`: failed refunds have no receipt.
    package var status: RefundStatus { .succeeded }
}
