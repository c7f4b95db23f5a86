/// A payment as clients see it.
package struct Payment: Hashable, Sendable {
    package let paymentID: PaymentID
    /// The order paid; nil if there is none.
    package let orderID: OrderID?
    package let amount: Amount
    package let method: PaymentMethod
    package let status: PaymentStatus

    package init(
        paymentID: PaymentID,
        orderID: OrderID?,
        amount: Amount,
        method: PaymentMethod,
        status: PaymentStatus
    ) {
        self.paymentID = paymentID
        self.orderID = orderID
        self.amount = amount
        self.method = method
        self.status = status
    }

    /// The payment that `capture` records.
    init(_ capture: Capture) {
        self.init(
            paymentID: capture.paymentID,
            orderID: capture.orderID,
            amount: capture.amount,
            method: capture.method,
            status: .captured
        )
    }
}

/// The state of a payment; payments exist only once captured.
package enum PaymentStatus: String, Hashable, Sendable {
    case captured = "CAPTURED"
}

/// The answer to a payment order.
package struct PaymentReceipt: Hashable, Sendable {
    package let payment: Payment
    /// True if the order had been paid before and this repeats its first answer.
    package let isReplay: Bool

    package init(payment: Payment, isReplay: Bool) {
        self.payment = payment
        self.isReplay = isReplay
    }
}

/// A payment with its refunds, oldest first.
package struct PaymentHistory: Hashable, Sendable {
    package let payment: Payment
    package let refunds: [Refund]
    /// The amount that can still be refunded, in minor units.
    package let remaining: Int64

    package init(payment: Payment, refunds: [Refund], remaining: Int64) {
        self.payment = payment
        self.refunds = refunds
        self.remaining = remaining
    }
}
