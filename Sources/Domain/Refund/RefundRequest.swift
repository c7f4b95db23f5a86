/// A request to the refund service, known by the caller's idempotency key.
package typealias RefundOrder = RefundRequest<IdempotencyKeyField>

/// A request to the ledger, known by the refund id that derives from the key.
package typealias RefundDraft = RefundRequest<RefundIDField>

/// A request to refund a payment.
package struct RefundRequest<IDField: TextField>: Hashable, Sendable {
    /// The request's id: the same request has the same id.
    package let id: Checked<IDField>
    package let paymentID: PaymentID
    /// Minor units of the payment's currency; nil for all that remains.
    package let amount: Int64?
    package let reason: Reason
    /// The caller that asks for the refund.
    package let subject: Subject
    /// The required payer: payments of others count as unknown.
    ///
    /// Nil for any payer.
    package let owner: Subject?

    package init(
        id: Checked<IDField>,
        paymentID: PaymentID,
        amount: Int64?,
        reason: Reason,
        subject: Subject,
        owner: Subject?
    ) throws(DomainError) {
        self.id = id
        self.paymentID = paymentID
        self.amount = try amount.map(Amount.checked(minorUnits:))
        self.reason = reason
        self.subject = subject
        self.owner = owner
    }

    /// Parses a request from a message; an empty `owner` is nil.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with every violation.
    package init(
        id: String,
        paymentID: String,
        amount: Int64?,
        reason: String,
        subject: String,
        owner: String
    ) throws(DomainError) {
        var validation = Validation()
        let id = validation.take(try Checked<IDField>(id))
        let paymentID = validation.take(try PaymentID(paymentID))
        let amount = validation.take(try amount.map(Amount.checked(minorUnits:)))
        let reason = validation.take(try Reason(reason))
        let subject = validation.take(try Subject(subject))
        let owner = validation.take(try Subject.unlessEmpty(owner))
        guard let id, let paymentID, let amount, let reason, let subject, let owner else {
            throw validation.failure
        }
        try self.init(
            id: id,
            paymentID: paymentID,
            amount: amount,
            reason: reason,
            subject: subject,
            owner: owner
        )
    }

    /// The same request, known by another id and for another payer.
    package func with<Field>(
        id: Checked<Field>,
        owner: Subject?
    ) throws(DomainError) -> RefundRequest<Field> {
        try RefundRequest<Field>(
            id: id,
            paymentID: self.paymentID,
            amount: self.amount,
            reason: self.reason,
            subject: self.subject,
            owner: owner
        )
    }
}

extension RefundDraft {
    /// The request behind `record`, without a required payer.
    init(again record: RefundRecord) throws(DomainError) {
        try self.init(
            id: record.refund.refundID,
            paymentID: record.refund.paymentID,
            amount: record.requestedAmount,
            reason: record.refund.reason,
            subject: record.subject,
            owner: nil
        )
    }
}
