/// The ledger's decisions, as pure functions of the few facts that each needs.
///
/// An engine looks up the facts, decides here, and writes the entry of a `recorded` outcome before
/// its next lookup.
package enum LedgerRules {
    /// The most refunds of one payment; a lookup returns all of them in one message.
    package static let refundsPerPaymentMax = 1_000

    /// Decides on a capture.
    ///
    /// - Parameters:
    ///   - capture: The capture to record.
    ///   - earlier: The entry with the same payment id, if any.
    ///   - sequence: The sequence of the entry, if a new one is written.
    /// - Returns: The outcome; the engine must still write a `recorded` entry.
    package static func decide(
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

    /// Decides on a refund.
    ///
    /// - Parameters:
    ///   - draft: The refund to record.
    ///   - earlier: The entry with the same refund id, if any.
    ///   - payment: The payment that `earlier` refunds or, without one, that `draft` names.
    ///   - sequence: The sequence of the entry, if a new one is written.
    /// - Returns: The outcome; the engine must still write a `recorded` entry.
    package static func decide(
        _ draft: RefundDraft,
        earlier: Entry?,
        payment: RefundableState?,
        sequence: UInt64
    ) -> RefundOutcome {
        guard let payment, payment.capture.isVisible(to: draft.owner) else {
            return .unknownPayment
        }
        guard let earlier else {
            return self.decide(draft, of: payment, sequence: sequence)
        }
        guard case .refund(let first) = earlier.record else {
            preconditionFailure("A refund id names a refund, never a capture.")
        }
        if let field = self.difference(between: first, and: draft) {
            return .conflict(field: field)
        }
        return .alreadyRecorded(earlier, first)
    }

    private static func decide(
        _ draft: RefundDraft,
        of payment: RefundableState,
        sequence: UInt64
    ) -> RefundOutcome {
        let wanted = draft.amount ?? payment.remaining
        guard payment.remaining > 0 else { return .alreadyRefunded }
        guard wanted <= payment.remaining else {
            return .exceedsRemaining(remaining: payment.remaining)
        }
        // The last refund must take all that remains, so that no money is stuck.
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
    fileprivate init(_ draft: RefundDraft, of payment: RefundableState, minorUnits: Int64) {
        let currency = payment.capture.amount.currency
        self.init(
            refund: Refund(
                refundID: draft.id,
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
