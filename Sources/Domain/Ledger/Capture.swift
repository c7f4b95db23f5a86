/// Money taken: what the ledger is asked to record, and what it has recorded.
package struct Capture: Hashable, Sendable {
    package let paymentID: PaymentID
    package let amount: Amount
    package let method: PaymentMethod
    /// Nil when the payment belongs to no order.
    package let orderID: OrderID?
    /// Whose payment it is.
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
    package var posting: Posting {
        Posting(debit: .clearing(self.method), credit: .merchant, amount: self.amount)
    }

    /// Whether `owner` may know of it; nil stands for somebody who may know of everything.
    package func isVisible(to owner: Subject?) -> Bool {
        owner == nil || owner == self.subject
    }
}

extension Capture {
    /// A capture as messages carry it, every violation named.
    ///
    /// Empty: `currency` is the default, `method` a card, `orderID` no order. The caller fills in
    /// `subject`.
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
