/// The whole ledger as a value: every entry, and what follows from them.
///
/// It is the state behind an engine that keeps everything in memory, and the model that a check of
/// any other engine compares with.
package struct LedgerBook: Sendable {
    /// In order of their sequence, without gaps.
    package private(set) var entries: [Entry] = []
    private var captures: [PaymentID: (entry: Entry, history: CaptureHistory)] = [:]
    private var refunds: [RefundID: Entry] = [:]
    private var balances = BalanceSheet()

    package init() {}

    /// Judges the capture and, when it is new, records it.
    package mutating func append(_ capture: Capture) throws(JournalError) -> CaptureOutcome {
        let outcome = self.judge(capture)
        if case .recorded(let entry) = outcome { try self.write(entry) }
        return outcome
    }

    /// Judges the refund and, when it is new and may be, records it.
    package mutating func append(_ draft: RefundDraft) throws(JournalError) -> RefundOutcome {
        let outcome = self.judge(draft)
        if case .recorded(let entry, _) = outcome { try self.write(entry) }
        return outcome
    }

    /// Takes an entry from a store as the next one.
    ///
    /// Anything but what these rules would have written here is ``JournalError/corrupt(reason:)``.
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

    /// At most `limit` entries that follow `sequence`, in order.
    package func entries(after sequence: UInt64, limit: Int) -> [Entry] {
        guard let start = Int(exactly: sequence), start < self.entries.count else { return [] }
        return Array(self.entries[start...].prefix(max(0, limit)))
    }
}

extension LedgerBook {
    private var nextSequence: UInt64 { UInt64(self.entries.count) + 1 }

    private func judge(_ capture: Capture) -> CaptureOutcome {
        LedgerRules.judge(
            capture,
            earlier: self.captures[capture.paymentID]?.entry,
            sequence: self.nextSequence
        )
    }

    private func judge(_ draft: RefundDraft) -> RefundOutcome {
        let earlier = self.refunds[draft.refundID]
        return LedgerRules.judge(
            draft,
            earlier: earlier,
            payment: self.history(of: earlier?.paymentID ?? draft.paymentID)?.tail,
            sequence: self.nextSequence
        )
    }

    private func wouldWrite(_ entry: Entry) -> Bool {
        switch entry.record {
        case .capture(let capture):
            return self.judge(capture) == .recorded(entry)
        case .refund(let record):
            guard let draft = try? RefundDraft(again: record) else { return false }
            return self.judge(draft) == .recorded(entry, record)
        }
    }

    /// Everything that can fail comes first, so that a failure leaves the book as it was.
    private mutating func write(_ entry: Entry) throws(JournalError) {
        try self.balances.post(entry.posting)
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
