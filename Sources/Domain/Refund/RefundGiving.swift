/// The refund service as the gateway calls it.
package protocol RefundGiving: Sendable {
    /// Refunds a payment once.
    ///
    /// `within` bounds the call. When it expires the error is `outcomeUnknown`; a retry with the
    /// same order finds out.
    ///
    /// - Throws: `idempotencyConflict` if the key was used for another order; `notFound`,
    ///   `refundExceedsRemaining`, `alreadyRefunded` or `tooManyRefunds`.
    func createRefund(
        _ order: RefundOrder,
        within: Duration
    ) async throws(DomainError) -> RefundReceipt
}

/// The state of a refund; refunds exist only once succeeded.
package enum RefundStatus: String, Hashable, Sendable {
    case succeeded = "SUCCEEDED"
}

extension RefundReceipt {
    /// Always `succeeded`: failed refunds have no receipt.
    package var status: RefundStatus { .succeeded }
}
