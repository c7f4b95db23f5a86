/// The ledger as the other services call it.
///
/// A call that takes too long ends with ``DomainError/outcomeUnknown``; a retry with the same value
/// finds out.
package protocol LedgerKeeping: Sendable {
    /// Records a capture once.
    ///
    /// - Throws: ``DomainError/conflict(field:)`` if the id exists with another value.
    func record(_ capture: Capture) async throws(DomainError) -> CaptureReceipt

    /// Records a refund once.
    ///
    /// - Throws: ``DomainError/conflict(field:)`` if the id exists with another value; `notFound`,
    ///   `refundExceedsRemaining`, `alreadyRefunded` or `tooManyRefunds`.
    func record(_ draft: RefundDraft) async throws(DomainError) -> RefundReceipt

    /// A capture with its refunds.
    ///
    /// - Throws: `notFound` also if `owner` is set and is not the payer.
    func history(
        of paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> CaptureHistory
}

/// The ledger's answer to a capture.
package struct CaptureReceipt: Hashable, Sendable {
    package let capture: Capture
    /// True if the capture had been recorded before.
    package let isReplay: Bool

    package init(capture: Capture, isReplay: Bool) {
        self.capture = capture
        self.isReplay = isReplay
    }
}

/// The answer to a refund, of the ledger and of the refund service.
package struct RefundReceipt: Hashable, Sendable {
    package let refund: Refund
    /// The amount still refundable right after this refund, in minor units.
    package let remaining: Int64
    /// True if the refund had been recorded before.
    package let isReplay: Bool

    package init(refund: Refund, remaining: Int64, isReplay: Bool) {
        self.refund = refund
        self.remaining = remaining
        self.isReplay = isReplay
    }
}
