/// The ledger service: the single writer of a journal, and the only stateful service.
///
/// The journal decides and writes in one step, so nothing here is read and then written. A write
/// that has begun is never abandoned.
package actor Ledger: LedgerKeeping {
    /// The most entries that one read returns.
    package static let entriesPageMax = 1_000

    private let journal: any Journal
    private var hasEndedWatches = false

    package init(journal: any Journal) {
        self.journal = journal
    }

    package func record(_ capture: Capture) async throws(DomainError) -> CaptureReceipt {
        switch try await self.ask(try await self.journal.append(capture)) {
        case .recorded: return CaptureReceipt(capture: capture, isReplay: false)
        case .alreadyRecorded: return CaptureReceipt(capture: capture, isReplay: true)
        case .conflict(let field): throw .conflict(field: field)
        }
    }

    package func record(_ draft: RefundDraft) async throws(DomainError) -> RefundReceipt {
        switch try await self.ask(try await self.journal.append(draft)) {
        case .recorded(_, let record): return RefundReceipt(record, isReplay: false)
        case .alreadyRecorded(_, let record): return RefundReceipt(record, isReplay: true)
        case .conflict(let field): throw .conflict(field: field)
        case .unknownPayment: throw .notFound(.payment)
        case .exceedsRemaining(let remaining): throw .refundExceedsRemaining(remaining: remaining)
        case .alreadyRefunded: throw .alreadyRefunded
        case .tooMany(let remaining): throw .tooManyRefunds(remaining: remaining)
        }
    }

    package func history(
        of paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> CaptureHistory {
        let history = try await self.ask(try await self.journal.history(of: paymentID))
        guard let history, history.capture.isVisible(to: owner) else {
            throw .notFound(.payment)
        }
        return history
    }

    /// All debits and credits ever posted to the account.
    package func balance(
        of account: Account,
        in currency: Currency
    ) async throws(DomainError) -> Balance {
        try await self.ask(try await self.journal.balance(of: account, in: currency))
    }

    /// At most `limit` entries after `sequence`, in order; empty at the end.
    ///
    /// Clamps the limit to 1…``entriesPageMax``.
    package func entries(
        after sequence: UInt64,
        limit: Int
    ) async throws(DomainError) -> [ChainedEntry] {
        let limit = min(max(limit, 1), Self.entriesPageMax)
        return try await self.ask(try await self.journal.entries(after: sequence, limit: limit))
    }

    /// At least one entry after `sequence`, in order; waits for the first.
    ///
    /// - Throws: `cancelled` with its task, and `unavailable` after ``endWatches()``; retry on
    ///   another replica.
    package func awaitEntries(
        after sequence: UInt64,
        limit: Int
    ) async throws(DomainError) -> [ChainedEntry] {
        while true {
            let entries = try await self.entries(after: sequence, limit: limit)
            if !entries.isEmpty { return entries }
            if Task.isCancelled { throw .cancelled }
            if self.hasEndedWatches { throw .unavailable(retryAfter: nil) }
            await self.journal.awaitEntries(after: sequence)
        }
    }

    /// True if the journal has an entry `sequence` with this hash; a nil `hash` matches any.
    ///
    /// Sequence 0 stands for the state before the first entry. False for an entry that the caller
    /// has seen means that the journal lost it.
    package func holds(_ sequence: UInt64, _ hash: EntryHash?) async throws(DomainError) -> Bool {
        if sequence == 0 { return hash == nil || hash == .genesis }
        let found = try await self.entries(after: sequence - 1, limit: 1).first
        return found?.sequence == sequence && (hash == nil || found?.hash == hash)
    }

    /// Ends every wait of ``awaitEntries(after:limit:)``, now and in future.
    package func endWatches() {
        self.hasEndedWatches = true
        self.journal.releaseWaiters()
    }

    private func ask<Answer: Sendable>(
        _ question: @autoclosure () async throws(JournalError) -> Answer
    ) async throws(DomainError) -> Answer {
        do throws(JournalError) {
            return try await question()
        } catch {
            throw DomainError(error)
        }
    }
}

extension DomainError {
    fileprivate init(_ error: JournalError) {
        self =
            switch error {
            case .unavailable: .unavailable(retryAfter: nil)
            case .outcomeUnknown: .outcomeUnknown
            case .full: .storeFull
            case .overloaded: .overloaded(retryAfter: nil)
            case .corrupt: .internalFault
            }
    }
}

extension RefundReceipt {
    fileprivate init(_ record: RefundRecord, isReplay: Bool) {
        self.init(refund: record.refund, remaining: record.remaining, isReplay: isReplay)
    }
}
