package import Domain

/// A journal in memory, for unit tests.
package actor InMemoryJournal: Journal {
    private var book = LedgerBook()
    private var chained: [ChainedEntry] = []
    private let chainer: EntryChainer
    private let signal = ChangeSignal()

    package init(_ chainer: EntryChainer = .blank) { self.chainer = chainer }

    package func append(_ capture: Capture) throws(JournalError) -> CaptureOutcome {
        let outcome = try self.book.append(capture)
        self.chain()
        return outcome
    }

    package func append(_ draft: RefundDraft) throws(JournalError) -> RefundOutcome {
        let outcome = try self.book.append(draft)
        self.chain()
        return outcome
    }

    package func history(of paymentID: PaymentID) -> CaptureHistory? {
        self.book.history(of: paymentID)
    }

    package func balance(of account: Account, in currency: Currency) -> Balance {
        self.book.balance(of: account, in: currency)
    }

    package func entries(after sequence: UInt64, limit: Int) -> [ChainedEntry] {
        guard let start = Int(exactly: sequence), start < self.chained.count else { return [] }
        return Array(self.chained[start...].prefix(max(0, limit)))
    }

    package func awaitEntries(after sequence: UInt64) async {
        await self.signal.wait(after: sequence)
    }

    package nonisolated func releaseWaiters() { self.signal.release() }

    /// Reports `ready` and returns: the journal has no background work.
    package func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async {
        report(.ready)
    }

    /// Chains the entries that the book has recorded since the last call.
    private func chain() {
        for entry in self.book.entries(after: UInt64(self.chained.count), limit: .max) {
            let head = self.chained.last.map(JournalHead.init) ?? .empty
            self.chained.append(self.chainer.chain(entry, after: head))
        }
        self.signal.announce(UInt64(self.chained.count))
    }
}
