/// The facts about a payment that decide on its next refund.
package struct RefundableState: Hashable, Sendable {
    package let capture: Capture
    /// The number of refunds so far.
    package let refundCount: Int64
    /// The amount that can still be refunded, in minor units.
    package let remaining: Int64

    package init(capture: Capture, refundCount: Int64, remaining: Int64) {
        self.capture = capture
        self.refundCount = refundCount
        self.remaining = remaining
    }
}
