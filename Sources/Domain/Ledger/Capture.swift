/// A payment taken, for the ledger to record or read back from it.
package struct Capture: Hashable, Sendable {
    package let paymentID: PaymentID
    package let amount: Amount
    package let method: PaymentMethod
    /// The order paid; nil if there is none.
    package let orderID: OrderID?
    /// The payer.
    package let subject: Subject

    package init(
        paymentID: PaymentID,
        amount: Amount,
        method: PaymentMethod,
        orderID: OrderID?,
        subject: Subject
    ) {
        self.paymentID = paymentID
        self.amount = amount
        self.method = method
        self.orderID = orderID
        self.subject = subject
    }

    /// Debits the clearing account of the method, credits the merchant.
    package var transfer: Transfer {
        Transfer(debit: .clearing(self.method), credit: .merchant, amount: self.amount)
    }

    /// True if `owner` is the payer, or nil for a caller that sees every payment.
    package func isVisible(to owner: Subject?) -> Bool {
        owner == nil || owner == self.subject
    }
}

extension Capture {
    /// Parses a capture from a message.
    ///
    /// An empty `currency` means the default, an empty `method` a card, an empty `orderID` no
    /// order.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with every violation.
    package init(
        paymentID: String,
        amount: Int64,
        currency: String,
        method: String,
        orderID: String,
        subject: String,
        defaultCurrency: Currency
    ) throws(DomainError) {
        var validation = Validation()
        let paymentID = validation.take(try PaymentID(paymentID))
        let amount = validation.take(
            try Amount(minorUnits: amount, currency: currency, defaultCurrency: defaultCurrency)
        )
        let method = validation.take(try PaymentMethod(name: method))
        let orderID = validation.take(try OrderID.unlessEmpty(orderID))
        let subject = validation.take(try Subject(subject))
        guard let paymentID, let amount, let method, let orderID, let subject else {
            throw validation.failure
        }
        self.init(
            paymentID: paymentID,
            amount: amount,
            method: method,
            orderID: orderID,
            subject: subject
        )
    }
}
