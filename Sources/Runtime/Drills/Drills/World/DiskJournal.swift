import Domain

/// The journal of one process over a ``Disk``.
struct DiskJournal: Journal {
    private let disk: Disk
    private let opening: Int

    init(_ disk: Disk, opening: Int) {
        self.disk = disk
        self.opening = opening
    }

    func append(_ capture: Capture) async throws(JournalError) -> CaptureOutcome {
        let box = Answer<CaptureOutcome>()
        try await self.disk.write(self.opening) { book throws(JournalError) in
            let outcome = try book.append(capture)
            box.set(outcome)
            if case .recorded(let entry) = outcome { return entry }
            return nil
        }
        let outcome = try box.value()
        self.disk.answered(isAgain: outcome.isAgain)
        return outcome
    }

    func append(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome {
        let box = Answer<RefundOutcome>()
        try await self.disk.write(self.opening) { book throws(JournalError) in
            let outcome = try book.append(draft)
            box.set(outcome)
            if case .recorded(let entry, _) = outcome { return entry }
            return nil
        }
        let outcome = try box.value()
        self.disk.answered(isAgain: outcome.isAgain)
        return outcome
    }

    func history(of paymentID: PaymentID) async throws(JournalError) -> CaptureHistory? {
        try await self.disk.read(self.opening) { $0.history(of: paymentID) }
    }

    func balance(
        of account: Account,
        in currency: Currency
    ) async throws(JournalError) -> Balance {
        try await self.disk.read(self.opening) { $0.balance(of: account, in: currency) }
    }

    func entries(after sequence: UInt64, limit: Int) async throws(JournalError) -> [SealedEntry] {
        try await self.disk.read(self.opening) { $0.entries(after: sequence, limit: limit) }
            .map { EntrySealer.blank.seal($0, after: .empty) }
    }

    func awaitEntries(after sequence: UInt64) async {}

    func releaseWaiters() {}

    func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async {
        report(.ready)
    }
}

extension CaptureOutcome {
    fileprivate var isAgain: Bool { if case .alreadyRecorded = self { true } else { false } }
}

extension RefundOutcome {
    fileprivate var isAgain: Bool { if case .alreadyRecorded = self { true } else { false } }
}
