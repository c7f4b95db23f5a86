/// Money given back, as everybody sees it.
package struct Refund: Hashable, Sendable {
    package let refundID: RefundID
    package let paymentID: PaymentID
    package let amount: Amount
    package let reason: Reason

    package init(refundID: RefundID, paymentID: PaymentID, amount: Amount, reason: Reason) {
        self.refundID = refundID
        self.paymentID = paymentID
        self.amount = amount
        self.reason = reason
    }
}

/// Money given back, as the journal keeps it.
package struct RefundRecord: Hashable, Sendable {
    package let refund: Refund
    /// What was asked, in minor units (nil: all that remained); a replay must ask the same.
    package let requestedAmount: Int64?
    /// Who asked.
    package let subject: Subject
    /// The payment's method, to whose clearing account the money goes.
    package let method: PaymentMethod
    /// What could still be refunded right after this refund, in minor units.
    package let remaining: Int64

    package init(
        refund: Refund,
        requestedAmount: Int64?,
        subject: Subject,
        method: PaymentMethod,
        remaining: Int64
    ) {
        self.refund = refund
        self.requestedAmount = requestedAmount
        self.subject = subject
        self.method = method
        self.remaining = remaining
    }

    /// Debits the merchant, credits the clearing account of the method.
    package var posting: Posting {
        Posting(debit: .merchant, credit: .clearing(self.method), amount: self.refund.amount)
    }
}
