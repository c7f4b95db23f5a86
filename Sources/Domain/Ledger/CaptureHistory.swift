/// A capture with its refunds, oldest first.
package struct CaptureHistory: Hashable, Sendable {
    package let capture: Capture
    package private(set) var refunds: [Refund]
    /// The amount that can still be refunded, in minor units.
    package private(set) var remaining: Int64

    package init(capture: Capture, refunds: [Refund], remaining: Int64) {
        self.capture = capture
        self.refunds = refunds
        self.remaining = remaining
    }

    /// The history of a new capture.
    init(of capture: Capture) {
        self.init(capture: capture, refunds: [], remaining: capture.amount.minorUnits)
    }

    /// The facts that ``LedgerRules`` needs to decide on a refund.
    package var refundable: RefundableState {
        RefundableState(
            capture: self.capture,
            refundCount: Int64(self.refunds.count),
            remaining: self.remaining
        )
    }

    mutating func add(_ record: RefundRecord) {
        self.refunds.append(record.refund)
        self.remaining = record.remaining
    }
}
