/// A whole ledger as a value: all entries, and the state that follows from them.
///
/// The in-memory engine's state, and the reference model in checks of the other engines.
package struct LedgerBook: Sendable {
    /// In order of sequence, without gaps.
    package private(set) var entries: [Entry] = []
    private var captures: [PaymentID: (entry: Entry, history: CaptureHistory)] = [:]
    private var refunds: [RefundID: Entry] = [:]
    private var balances = TrialBalance()

    package init() {}

    /// Decides on the capture and, if it is new, records it.
    package mutating func append(_ capture: Capture) throws(JournalError) -> CaptureOutcome {
        let outcome = self.decide(capture)
        if case .recorded(let entry) = outcome { try self.write(entry) }
        return outcome
    }

    /// Decides on the refund and, if it is new and allowed, records it.
    package mutating func append(_ draft: RefundDraft) throws(JournalError) -> RefundOutcome {
        let outcome = self.decide(draft)
        if case .recorded(let entry, _) = outcome { try self.write(entry) }
        return outcome
    }

    /// Appends an entry read from a store.
    ///
    /// - Throws: ``JournalError/corrupt(reason:)`` unless these rules would have written it here.
    package mutating func restore(_ entry: Entry) throws(JournalError) {
        guard self.wouldWrite(entry) else {
            throw .corrupt(reason: "entry \(entry.sequence) cannot follow \(self.entries.count)")
        }
        try self.write(entry)
    }

    package func history(of paymentID: PaymentID) -> CaptureHistory? {
        self.captures[paymentID]?.history
    }

    package func balance(of account: Account, in currency: Currency) -> Balance {
        self.balances.balance(of: account, in: currency)
    }

    /// At most `limit` entries after `sequence`, in order.
    package func entries(after sequence: UInt64, limit: Int) -> [Entry] {
        guard let start = Int(exactly: sequence), start < self.entries.count else { return [] }
        return Array(self.entries[start...].prefix(max(0, limit)))
    }
}

extension LedgerBook {
    private var nextSequence: UInt64 { UInt64(self.entries.count) + 1 }

    private func decide(_ capture: Capture) -> CaptureOutcome {
        LedgerRules.decide(
            capture,
            earlier: self.captures[capture.paymentID]?.entry,
            sequence: self.nextSequence
        )
    }

    private func decide(_ draft: RefundDraft) -> RefundOutcome {
        let earlier = self.refunds[draft.id]
        return LedgerRules.decide(
            draft,
            earlier: earlier,
            payment: self.history(of: earlier?.paymentID ?? draft.paymentID)?.refundable,
            sequence: self.nextSequence
        )
    }

    private func wouldWrite(_ entry: Entry) -> Bool {
        switch entry.record {
        case .capture(let capture):
            return self.decide(capture) == .recorded(entry)
        case .refund(let record):
            guard let draft = try? RefundDraft(again: record) else { return false }
            return self.decide(draft) == .recorded(entry, record)
        }
    }

    /// Posts first, which alone can fail, so that a failure leaves the book unchanged.
    private mutating func write(_ entry: Entry) throws(JournalError) {
        try self.balances.post(entry.transfer)
        self.entries.append(entry)
        switch entry.record {
        case .capture(let capture):
            self.captures[capture.paymentID] = (entry, CaptureHistory(of: capture))
        case .refund(let record):
            self.captures[record.refund.paymentID]?.history.add(record)
            self.refunds[record.refund.refundID] = entry
        }
    }
}
