package import Domain

/// Judges the writes of one batch, each as if those before it were there already, and makes the
/// rows that are to be written for them.
///
/// An engine looks each write up in what is committed, and hands over what it found.
package struct BatchJudge {
    /// What is to be written, in order.
    package private(set) var rows: [EntryRow] = []
    /// The last entry, these rows included.
    package private(set) var head: JournalHead
    /// The balances, these rows included.
    package private(set) var sheet: BalanceSheet
    private let sealer: EntrySealer
    private var captures: [PaymentID: Entry] = [:]
    private var tails: [PaymentID: PaymentTail] = [:]
    private var refunds: [RefundID: Entry] = [:]

    /// Begins after `head`, when the balances are `sheet`.
    package init(after head: JournalHead, _ sheet: BalanceSheet, _ sealer: EntrySealer) {
        self.head = head
        self.sheet = sheet
        self.sealer = sealer
    }

    /// Judges a capture; `earlier` is the committed one of the same payment, if there is one.
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

    /// Judges a refund; `earlier` is the committed one of the same id, if there is one, and
    /// `payment` what that refunds or, without one, what `draft` names.
    package mutating func judge(
        _ draft: RefundDraft,
        earlier: Entry?,
        payment: PaymentTail?
    ) throws(JournalError) -> RefundOutcome {
        let earlier = self.refunds[draft.refundID] ?? earlier
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
        self.refunds[draft.refundID] = entry
        return outcome
    }

    /// What can fail comes first, so that a write that fails leaves nothing.
    private mutating func write(_ entry: Entry, _ tail: PaymentTail) throws(JournalError) {
        try self.sheet.post(entry.posting)
        let sealed = self.sealer.seal(entry, after: self.head)
        self.head = JournalHead(sealed)
        self.rows.append(EntryRow(sealed, ordinal: tail.refundCount))
        self.tails[entry.paymentID] = tail
    }
}
