package import Domain

/// Decides on the writes of a batch, each after those before it, and makes the new rows.
///
/// The engine looks up the committed state for each write and passes it in.
package struct BatchJudge {
    /// The rows to write, in order.
    package private(set) var rows: [EntryRow] = []
    /// The last entry, new rows included.
    package private(set) var head: JournalHead
    /// The balances, new rows included.
    package private(set) var sheet: BalanceSheet
    private let sealer: EntrySealer
    private var captures: [PaymentID: Entry] = [:]
    private var tails: [PaymentID: PaymentTail] = [:]
    private var refunds: [RefundID: Entry] = [:]

    /// Starts from the committed `head` and the balances `sheet`.
    package init(after head: JournalHead, _ sheet: BalanceSheet, _ sealer: EntrySealer) {
        self.head = head
        self.sheet = sheet
        self.sealer = sealer
    }

    /// Decides on a capture; `earlier` is the committed entry with the same payment id, if any.
    package mutating func judge(
        _ capture: Capture,
        earlier: Entry?
    ) throws(JournalError) -> CaptureOutcome {
        let outcome = LedgerRules.judge(
            capture,
            earlier: self.captures[capture.paymentID] ?? earlier,
            sequence: self.head.sequence + 1
        )
        guard case .recorded(let entry) = outcome else { return outcome }
        let tail = PaymentTail(
            capture: capture,
            refundCount: 0,
            remaining: capture.amount.minorUnits
        )
        try self.write(entry, tail)
        self.captures[capture.paymentID] = entry
        return outcome
    }

    /// Decides on a refund.
    ///
    /// `earlier` is the committed entry with the same refund id, if any. `payment` is the payment
    /// that `earlier` refunds or, without one, that `draft` names.
    package mutating func judge(
        _ draft: RefundDraft,
        earlier: Entry?,
        payment: PaymentTail?
    ) throws(JournalError) -> RefundOutcome {
        let earlier = self.refunds[draft.id] ?? earlier
        let tail = self.tails[earlier?.paymentID ?? draft.paymentID] ?? payment
        let outcome = LedgerRules.judge(
            draft,
            earlier: earlier,
            payment: tail,
            sequence: self.head.sequence + 1
        )
        guard case .recorded(let entry, let record) = outcome, let tail else { return outcome }
        try self.write(
            entry,
            PaymentTail(
                capture: tail.capture,
                refundCount: tail.refundCount + 1,
                remaining: record.remaining
            )
        )
        self.refunds[draft.id] = entry
        return outcome
    }

    /// Posts first, which alone can fail, so that a failure leaves the batch unchanged.
    private mutating func write(_ entry: Entry, _ tail: PaymentTail) throws(JournalError) {
        try self.sheet.post(entry.posting)
        let sealed = self.sealer.seal(entry, after: self.head)
        self.head = JournalHead(sealed)
        self.rows.append(EntryRow(sealed, ordinal: tail.refundCount))
        self.tails[entry.paymentID] = tail
    }
}
