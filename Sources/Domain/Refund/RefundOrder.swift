/// A request to refund a payment.
package struct RefundOrder: Hashable, Sendable {
    package let paymentID: PaymentID
    /// Minor units of the payment's currency; nil for all that remains.
    package let amount: Int64?
    package let reason: Reason
    /// The caller that asks for the refund.
    package let subject: Subject
    /// Identifies the request, unique within the subject.
    package let key: IdempotencyKey
    /// The required payer: payments of others count as unknown.
    ///
    /// Nil for any payer.
    package let owner: Subject?

    package init(
        paymentID: PaymentID,
        amount: Int64?,
        reason: Reason,
        subject: Subject,
        key: IdempotencyKey,
        owner: Subject?
    ) throws(DomainError) {
        if let amount { _ = try Amount.checked(minorUnits: amount) }
        self.paymentID = paymentID
        self.amount = amount
        self.reason = reason
        self.subject = subject
        self.key = key
        self.owner = owner
    }
}

extension RefundOrder {
    /// Parses an order from a message; an empty `owner` is nil.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with every violation.
    package init(
        paymentID: String,
        amount: Int64?,
        reason: String,
        subject: String,
        key: String,
        owner: String
    ) throws(DomainError) {
        var validation = Validation()
        let paymentID = validation.take(try PaymentID(paymentID))
        let amount = validation.take(try amount.map(Amount.checked(minorUnits:)))
        let reason = validation.take(try Reason(reason))
        let subject = validation.take(try Subject(subject))
        let key = validation.take(try IdempotencyKey(key))
        let owner = validation.take(try Subject.unlessEmpty(owner))
        guard let paymentID, let amount, let reason, let subject, let key, let owner else {
            throw validation.failure
        }
        try self.init(
            paymentID: paymentID,
            amount: amount,
            reason: reason,
            subject: subject,
            key: key,
            owner: owner
        )
    }
}
