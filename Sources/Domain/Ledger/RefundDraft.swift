/// A refund for the ledger to record.
package struct RefundDraft: Hashable, Sendable {
    package let refundID: RefundID
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
        refundID: RefundID,
        paymentID: PaymentID,
        amount: Int64?,
        reason: Reason,
        subject: Subject,
        owner: Subject?
    ) throws(DomainError) {
        if let amount { _ = try Amount.checked(minorUnits: amount) }
        self.refundID = refundID
        self.paymentID = paymentID
        self.amount = amount
        self.reason = reason
        self.subject = subject
        self.owner = owner
    }
}

extension RefundDraft {
    /// Parses a draft from a message; an empty `owner` is nil.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with every violation.
    package init(
        refundID: String,
        paymentID: String,
        amount: Int64?,
        reason: String,
        subject: String,
        owner: String
    ) throws(DomainError) {
        var validation = Validation()
        let refundID = validation.take(try RefundID(refundID))
        let paymentID = validation.take(try PaymentID(paymentID))
        let amount = validation.take(try amount.map(Amount.checked(minorUnits:)))
        let reason = validation.take(try Reason(reason))
        let subject = validation.take(try Subject(subject))
        let owner = validation.take(try Subject.unlessEmpty(owner))
        guard let refundID, let paymentID, let amount, let reason, let subject, let owner else {
            throw validation.failure
        }
        try self.init(
            refundID: refundID,
            paymentID: paymentID,
            amount: amount,
            reason: reason,
            subject: subject,
            owner: owner
        )
    }

    /// The draft behind `record`, without a required payer.
    init(again record: RefundRecord) throws(DomainError) {
        try self.init(
            refundID: record.refund.refundID,
            paymentID: record.refund.paymentID,
            amount: record.requestedAmount,
            reason: record.refund.reason,
            subject: record.subject,
            owner: nil
        )
    }
}
