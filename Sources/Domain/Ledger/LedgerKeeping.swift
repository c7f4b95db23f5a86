/// The ledger as the other services see it.
///
/// `within` is the time that the caller gives the call. When it runs out the error is
/// ``DomainError/outcomeUnknown``; asking again with the same value settles it.
package protocol LedgerKeeping: Sendable {
    /// Records a capture once; another value under its id is ``DomainError/conflict(field:)``.
    func record(
        _ capture: Capture,
        within: Duration
    ) async throws(DomainError) -> CaptureReceipt

    /// Records a refund once; another value under its id is ``DomainError/conflict(field:)``.
    ///
    /// Also thrown: `notFound`, `refundExceedsRemaining`, `alreadyRefunded` and
    /// `tooManyRefunds`.
    func record(
        _ draft: RefundDraft,
        within: Duration
    ) async throws(DomainError) -> RefundReceipt

    /// A capture with its refunds; `notFound` when `owner` is set and it is somebody else's.
    func history(
        of paymentID: PaymentID,
        owner: Subject?,
        within: Duration
    ) async throws(DomainError) -> CaptureHistory
}

/// The ledger's answer to a capture.
package struct CaptureReceipt: Hashable, Sendable {
    package let capture: Capture
    /// It had been recorded before.
    package let isReplay: Bool

    package init(capture: Capture, isReplay: Bool) {
        self.capture = capture
        self.isReplay = isReplay
    }
}

/// The answer to a refund, of the ledger and of the refund service.
package struct RefundReceipt: Hashable, Sendable {
    package let refund: Refund
    /// What could still be refunded right after this refund, in minor units.
    package let remaining: Int64
    /// It had been recorded before.
    package let isReplay: Bool

    package init(refund: Refund, remaining: Int64, isReplay: Bool) {
        self.refund = refund
        self.remaining = remaining
        self.isReplay = isReplay
    }
}
