/// The refund service as the others see it.
package protocol RefundGiving: Sendable {
    /// Gives money back once.
    ///
    /// `within` is the time that the caller gives the call. When it runs out the error is
    /// `outcomeUnknown`; asking again with the same order settles it. Another order under the same
    /// key is `idempotencyConflict`. Also thrown: `notFound`, `refundExceedsRemaining`,
    /// `alreadyRefunded` and `tooManyRefunds`.
    func createRefund(
        _ order: RefundOrder,
        within: Duration
    ) async throws(DomainError) -> RefundReceipt
}

/// How far a refund got: it exists once its money is given back.
package enum RefundStatus: String, Hashable, Sendable {
    case succeeded = "SUCCEEDED"
}

extension RefundReceipt {
    /// Every refund that has a receipt succeeded.
    package var status: RefundStatus { .succeeded }
}
