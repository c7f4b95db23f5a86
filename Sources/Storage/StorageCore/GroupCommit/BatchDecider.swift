package import Domain

/// Decides on the writes of a batch, each after those before it, and makes the new rows.
///
/// The engine looks up the committed state for each write and passes it in.
package struct BatchDecider {
    /// The rows to write, in order.
    package private(set) var rows: [EntryRow] = []
    /// The last entry, new rows included.
    package private(set) var head: JournalHead
    /// The balances, new rows included.
    package private(set) var trialBalance: TrialBalance
    private let chainer: EntryChainer
    private var captures: [PaymentID: Entry] = [:]
    private var refundables: [PaymentID: RefundableState] = [:]
    private var refunds: [RefundID: Entry] = [:]

    /// Starts from the committed `head` and the balances `trialBalance`.
    package init(after head: JournalHead, _ trialBalance: TrialBalance, _ chainer: EntryChainer) {
        self.head = head
        self.trialBalance = trialBalance
        self.chainer = chainer
    }

    /// Decides on a capture; `earlier` is the committed entry with the same payment id, if any.
    package mutating func decide(
        _ capture: Capture,
        earlier: Entry?
    ) throws(JournalError) -> CaptureOutcome {
        let outcome = LedgerRules.decide(
            capture,
            earlier: self.captures[capture.paymentID] ?? earlier,
            sequence: self.head.sequence + 1
        )
        guard case .recorded(let entry) = outcome else { return outcome }
        let refundable = RefundableState(
            capture: capture,
            refundCount: 0,
            remaining: capture.amount.minorUnits
        )
        try self.write(entry, refundable)
        self.captures[capture.paymentID] = entry
        return outcome
    }

    /// Decides on a refund.
    ///
    /// `earlier` is the committed entry with the same refund id, if any. `payment` is the payment
    /// that `earlier` refunds or, without one, that `draft` names.
    package mutating func decide(
        _ draft: RefundDraft,
        earlier: Entry?,
        payment: RefundableState?
    ) throws(JournalError) -> RefundOutcome {
        let earlier = self.refunds[draft.id] ?? earlier
        let refundable = self.refundables[earlier?.paymentID ?? draft.paymentID] ?? payment
        let outcome = LedgerRules.decide(
            draft,
            earlier: earlier,
            payment: refundable,
            sequence: self.head.sequence + 1
        )
        guard case .recorded(let entry, let record) = outcome, let refundable else {
            return outcome
        }
        try self.write(
            entry,
            RefundableState(
                capture: refundable.capture,
                refundCount: refundable.refundCount + 1,
                remaining: record.remaining
            )
        )
        self.refunds[draft.id] = entry
        return outcome
    }

    /// Posts first, which alone can fail, so that a failure leaves the batch unchanged.
    private mutating func write(_ entry: Entry, _ refundable: RefundableState) throws(JournalError)
    {
        try self.trialBalance.post(entry.transfer)
        let chained = self.chainer.chain(entry, after: self.head)
        self.head = JournalHead(chained)
        self.rows.append(EntryRow(chained, ordinal: refundable.refundCount))
        self.refundables[entry.paymentID] = refundable
    }
}
