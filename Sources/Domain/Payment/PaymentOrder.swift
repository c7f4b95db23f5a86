/// A request to take a payment.
package struct PaymentOrder: Hashable, Sendable {
    package let orderID: OrderID
    package let amount: Amount
    package let method: PaymentMethod
    /// The payer.
    package let subject: Subject
    /// Identifies the request; without a key, subject and order id do.
    package let key: IdempotencyKey?

    package init(
        orderID: OrderID,
        amount: Amount,
        method: PaymentMethod,
        subject: Subject,
        key: IdempotencyKey?
    ) {
        self.orderID = orderID
        self.amount = amount
        self.method = method
        self.subject = subject
        self.key = key
    }
}

extension PaymentOrder {
    /// Parses an order from a message.
    ///
    /// An empty `currency` means the default, an empty `method` a card, an empty `key` none.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with every violation.
    package init(
        orderID: String,
        amount: Int64,
        currency: String,
        method: String,
        subject: String,
        key: String,
        defaultCurrency: Currency
    ) throws(DomainError) {
        var validation = Validation()
        let orderID = validation.take(try OrderID(orderID))
        let amount = validation.take(
            try Amount(minorUnits: amount, currency: currency, defaultCurrency: defaultCurrency)
        )
        let method = validation.take(try PaymentMethod(name: method))
        let subject = validation.take(try Subject(subject))
        let key = validation.take(try IdempotencyKey.unlessEmpty(key))
        guard let orderID, let amount, let method, let subject, let key else {
            throw validation.failure
        }
        self.init(orderID: orderID, amount: amount, method: method, subject: subject, key: key)
    }
}
