/// A payment as its payer sees it.
package struct Payment: Hashable, Sendable {
    package let paymentID: PaymentID
    /// Nil when the payment belongs to no order.
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

    /// The payment behind an entry of the ledger.
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

/// How far a payment got: it exists once its money is taken.
package enum PaymentStatus: String, Hashable, Sendable {
    case captured = "CAPTURED"
}

/// The answer to an order.
package struct PaymentReceipt: Hashable, Sendable {
    package let payment: Payment
    /// The first answer, given again.
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
    /// What can still be refunded, in minor units.
    package let remaining: Int64

    package init(payment: Payment, refunds: [Refund], remaining: Int64) {
        self.payment = payment
        self.refunds = refunds
        self.remaining = remaining
    }
}
