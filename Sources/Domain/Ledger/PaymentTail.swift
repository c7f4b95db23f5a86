/// What the rules have to know of a payment to judge a refund of it.
package struct PaymentTail: Hashable, Sendable {
    package let capture: Capture
    /// How many refunds there are.
    package let refundCount: Int64
    /// What can still be refunded, in minor units.
    package let remaining: Int64

    package init(capture: Capture, refundCount: Int64, remaining: Int64) {
        self.capture = capture
        self.refundCount = refundCount
        self.remaining = remaining
    }
}
