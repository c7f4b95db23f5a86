/// The rules of the books, on no more than each decision needs.
///
/// An engine looks up what it has, asks here, and writes the entry of a `recorded` outcome before
/// it looks anything up again.
package enum LedgerRules {
    /// The most refunds that one payment has: whoever asks for it gets all of them in one message.
    package static let refundsPerPaymentMax = 1_000

    /// Judges a capture.
    ///
    /// - Parameters:
    ///   - capture: What is to be recorded.
    ///   - earlier: The entry of the same payment id, if there is one.
    ///   - sequence: The sequence that a new entry would have.
    /// - Returns: What becomes of it; a `recorded` entry is still to be written.
    package static func judge(
        _ capture: Capture,
        earlier: Entry?,
        sequence: UInt64
    ) -> CaptureOutcome {
        guard let earlier else {
            return .recorded(Entry(sequence: sequence, record: .capture(capture)))
        }
        guard case .capture(let first) = earlier.record else {
            preconditionFailure("A payment id names a capture, never a refund.")
        }
        if let field = self.difference(between: first, and: capture) {
            return .conflict(field: field)
        }
        return .alreadyRecorded(earlier)
    }

    /// Judges a refund.
    ///
    /// - Parameters:
    ///   - draft: What is to be recorded.
    ///   - earlier: The entry of the same refund id, if there is one.
    ///   - payment: What `earlier` refunds or, without one, what `draft` names.
    ///   - sequence: The sequence that a new entry would have.
    /// - Returns: What becomes of it; a `recorded` entry is still to be written.
    package static func judge(
        _ draft: RefundDraft,
        earlier: Entry?,
        payment: PaymentTail?,
        sequence: UInt64
    ) -> RefundOutcome {
        guard let payment, payment.capture.isVisible(to: draft.owner) else {
            return .unknownPayment
        }
        guard let earlier else {
            return self.judge(draft, of: payment, sequence: sequence)
        }
        guard case .refund(let first) = earlier.record else {
            preconditionFailure("A refund id names a refund, never a capture.")
        }
        if let field = self.difference(between: first, and: draft) {
            return .conflict(field: field)
        }
        return .alreadyRecorded(earlier, first)
    }

    private static func judge(
        _ draft: RefundDraft,
        of payment: PaymentTail,
        sequence: UInt64
    ) -> RefundOutcome {
        let wanted = draft.amount ?? payment.remaining
        guard payment.remaining > 0 else { return .alreadyRefunded }
        guard wanted <= payment.remaining else {
            return .exceedsRemaining(remaining: payment.remaining)
        }
        // The last may only be the rest, so that no money is stuck.
        let isLast = payment.refundCount + 1 >= Self.refundsPerPaymentMax
        guard !isLast || wanted == payment.remaining else {
            return .tooMany(remaining: payment.remaining)
        }
        let record = RefundRecord(draft, of: payment, minorUnits: wanted)
        return .recorded(Entry(sequence: sequence, record: .refund(record)), record)
    }

    private static func difference(between first: Capture, and again: Capture) -> String? {
        if first.subject != again.subject { return "subject" }
        if first.orderID != again.orderID { return "order_id" }
        if first.amount.minorUnits != again.amount.minorUnits { return "amount" }
        if first.amount.currency != again.amount.currency { return "currency" }
        if first.method != again.method { return "method" }
        return nil
    }

    private static func difference(
        between first: RefundRecord,
        and again: RefundDraft
    ) -> String? {
        if first.refund.paymentID != again.paymentID { return "payment_id" }
        if first.requestedAmount != again.amount { return "amount" }
        if first.refund.reason != again.reason { return "reason" }
        return nil
    }
}

extension RefundRecord {
    fileprivate init(_ draft: RefundDraft, of payment: PaymentTail, minorUnits: Int64) {
        let currency = payment.capture.amount.currency
        self.init(
            refund: Refund(
                refundID: draft.refundID,
                paymentID: draft.paymentID,
                amount: Amount(trusted: minorUnits, currency: currency),
                reason: draft.reason
            ),
            requestedAmount: draft.amount,
            subject: draft.subject,
            method: payment.capture.method,
            remaining: payment.remaining - minorUnits
        )
    }
}
