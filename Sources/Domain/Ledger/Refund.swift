/// A refund as clients see it.
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

/// A refund as the journal stores it.
package struct RefundRecord: Hashable, Sendable {
    package let refund: Refund
    /// The amount requested, in minor units; nil if the request was for all that remained.
    ///
    /// A replay must match it.
    package let requestedAmount: Int64?
    /// The caller that asked for the refund.
    package let subject: Subject
    /// The payment's method; the refund credits its clearing account.
    package let method: PaymentMethod
    /// The amount still refundable right after this refund, in minor units.
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

    /// Debits the merchant and credits the method's clearing account.
    package var transfer: Transfer {
        Transfer(debit: .merchant, credit: .clearing(self.method), amount: self.refund.amount)
    }
}
