package import Domain

/// A journal that forgets with its process: for tests, and for a ledger without a disk.
package actor InMemoryJournal: Journal {
    private var book = LedgerBook()

    package init() {}

    package func append(_ capture: Capture) throws(JournalError) -> CaptureOutcome {
        try self.book.append(capture)
    }

    package func append(_ draft: RefundDraft) throws(JournalError) -> RefundOutcome {
        try self.book.append(draft)
    }

    package func history(of paymentID: PaymentID) -> CaptureHistory? {
        self.book.history(of: paymentID)
    }

    package func balance(of account: Account, in currency: Currency) -> Balance {
        self.book.balance(of: account, in: currency)
    }

    package func entries(after sequence: UInt64, limit: Int) -> [Entry] {
        self.book.entries(after: sequence, limit: limit)
    }
}
