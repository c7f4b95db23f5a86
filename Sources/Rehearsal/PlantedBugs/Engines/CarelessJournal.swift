import Checkers
import Domain
import SimulatedDrills
import Synchronization

/// A journal with an engine of its own, which has a flaw.
///
/// The real journal sets the pace: every step waits for a read of it. So the engine is as slow as a
/// disk, and stops with its process.
struct CarelessJournal: Journal {
    /// The engine's mistake.
    enum Flaw {
        /// A refund is decided first and written later, without a second check.
        case refundCheckThenAct
        /// The same mistake, only for refunds of all that remains.
        case wholeRefundCheckThenAct
        /// A repeated capture is written again.
        case duplicateApplied
        /// Only the credit side of a transfer reaches the balances.
        case oneSided
        /// Balances are read first and written back later, which loses updates in between.
        case lostUpdate
        /// A refund takes its number before it is decided.
        case numberBeforeJudgement
        /// A refund is booked in another currency than its payment.
        case foreignCurrency
        /// The remaining amount ignores earlier refunds.
        case remainingFromRequest
        /// A refund moves money in the direction of its capture.
        case reversedRefund
        /// A payment that does not exist counts as a large enough one of the caller.
        case imaginesCaptures
    }

    let flaw: Flaw
    let pace: any Journal
    let disk: Disk
    /// The books outlive the process, as a disk does.
    let books: Books

    final class Books: Sendable {
        let state = Mutex(CarelessBook())
    }

    func append(_ capture: Capture) async throws(JournalError) -> CaptureOutcome {
        try await self.wait(for: capture.paymentID)
        let old = self.books.state.withLock { $0.sheet(in: capture.amount.currency) }
        if self.flaw == .lostUpdate { try await self.wait(for: capture.paymentID) }
        let outcome = self.books.state.withLock { book in
            let outcome = LedgerRules.decide(
                capture,
                earlier: self.flaw == .duplicateApplied ? nil : book.earlier(capture),
                sequence: book.sequence + 1
            )
            if case .recorded(let entry) = outcome {
                _ = book.takeSequence()
                self.write(entry, on: old, in: &book)
            }
            return outcome
        }
        try await self.wait(for: capture.paymentID)
        return outcome
    }

    func append(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome {
        try await self.wait(for: draft.paymentID)
        guard self.actsLater(on: draft) else {
            let outcome = self.books.state.withLock { book in
                let outcome = self.decide(draft, in: &book)
                self.write(outcome, in: &book)
                return outcome
            }
            try await self.wait(for: draft.paymentID)
            return outcome
        }
        let judged = self.books.state.withLock { self.decide(draft, in: &$0) }
        // The pause is as long as a write and its sync.
        for _ in 1...3 { try await self.wait(for: draft.paymentID) }
        return self.books.state.withLock { book in
            let outcome = judged.renumbered(book.sequence + 1)
            self.write(outcome, in: &book)
            return outcome
        }
    }

    func history(of paymentID: PaymentID) async throws(JournalError) -> CaptureHistory? {
        try await self.wait(for: paymentID)
        return self.books.state.withLock { $0.history(of: paymentID) }
    }

    func balance(
        of account: Account,
        in currency: Currency
    ) async throws(JournalError) -> Balance {
        _ = try await self.pace.balance(of: account, in: currency)
        return self.books.state.withLock { $0.sheet(in: currency)[account] ?? Balance() }
    }

    func entries(after sequence: UInt64, limit: Int) async throws(JournalError) -> [ChainedEntry] {
        _ = try await self.pace.entries(after: sequence, limit: limit)
        return self.books.state.withLock { $0.entries(after: sequence, limit: limit) }
            .map { EntryChainer.blank.chain($0, after: .empty) }
    }

    func awaitEntries(after sequence: UInt64) async {
        await self.pace.awaitEntries(after: sequence)
    }

    func releaseWaiters() { self.pace.releaseWaiters() }

    func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async {
        await self.pace.run(reporting: report)
    }
}

extension CarelessJournal {
    private func wait(for paymentID: PaymentID) async throws(JournalError) {
        _ = try await self.pace.history(of: paymentID)
    }

    private func actsLater(on draft: RefundDraft) -> Bool {
        self.flaw == .refundCheckThenAct
            || self.flaw == .wholeRefundCheckThenAct && draft.amount == nil
    }

    private func decide(_ draft: RefundDraft, in book: inout CarelessBook) -> RefundOutcome {
        if self.flaw == .numberBeforeJudgement { _ = book.takeSequence() }
        let outcome = LedgerRules.decide(
            draft,
            earlier: book.earlier(draft),
            payment: self.history(for: draft, in: book)?.refundable,
            sequence: book.sequence + (self.flaw == .numberBeforeJudgement ? 0 : 1)
        )
        guard case .recorded(let entry, let record) = outcome else { return outcome }
        let spoiled = self.spoiled(record, book.history(of: draft.paymentID))
        return .recorded(Entry(sequence: entry.sequence, record: .refund(spoiled)), spoiled)
    }

    private func history(for draft: RefundDraft, in book: CarelessBook) -> CaptureHistory? {
        let known = book.history(of: draft.paymentID)
        guard known == nil, self.flaw == .imaginesCaptures,
            let euros = Currency(recorded: "EUR"),
            let amount = try? Amount(minorUnits: draft.amount ?? 1, currency: euros)
        else { return known }
        let capture = Capture(
            paymentID: draft.paymentID,
            amount: amount,
            method: .card,
            orderID: nil,
            subject: draft.subject
        )
        return CaptureHistory(capture: capture, refunds: [], remaining: amount.minorUnits)
    }

    private func spoiled(_ record: RefundRecord, _ history: CaptureHistory?) -> RefundRecord {
        let refund = record.refund
        switch self.flaw {
        case .foreignCurrency:
            guard let dollars = Currency(recorded: "USD"),
                let amount = try? Amount(minorUnits: refund.amount.minorUnits, currency: dollars)
            else { return record }
            return record.with(amount: amount, remaining: record.remaining)
        case .remainingFromRequest:
            let captured = history?.capture.amount.minorUnits ?? 0
            return record.with(
                amount: refund.amount,
                remaining: captured - refund.amount.minorUnits
            )
        default: return record
        }
    }

    private func write(_ outcome: RefundOutcome, in book: inout CarelessBook) {
        guard case .recorded(let entry, _) = outcome else { return }
        if self.flaw != .numberBeforeJudgement { _ = book.takeSequence() }
        self.write(entry, on: book.sheet(in: entry.transfer.amount.currency), in: &book)
    }

    private func write(
        _ entry: Entry,
        on old: [Account: Balance],
        in book: inout CarelessBook
    ) {
        let currency = entry.transfer.amount.currency
        let sheet = self.flaw == .lostUpdate ? old : book.sheet(in: currency)
        let isReversed = self.flaw == .reversedRefund && entry.kind == "refund"
        let transfer = isReversed ? entry.transfer.reversed : entry.transfer
        book.write(entry)
        book.post(transfer, on: sheet, sides: self.flaw == .oneSided ? .creditOnly : .both)
        let posted = Posted(entry)
        self.disk.tell(
            isReversed ? posted.reversed : posted,
            book.reading(in: currency)
        )
    }
}

extension RefundOutcome {
    /// The outcome with another sequence.
    fileprivate func renumbered(_ sequence: UInt64) -> RefundOutcome {
        guard case .recorded(let entry, let record) = self else { return self }
        return .recorded(Entry(sequence: sequence, record: entry.record), record)
    }
}

extension RefundRecord {
    fileprivate func with(amount: Amount, remaining: Int64) -> RefundRecord {
        RefundRecord(
            refund: Refund(
                refundID: self.refund.refundID,
                paymentID: self.refund.paymentID,
                amount: amount,
                reason: self.refund.reason
            ),
            requestedAmount: self.requestedAmount,
            subject: self.subject,
            method: self.method,
            remaining: remaining
        )
    }
}

extension Transfer {
    fileprivate var reversed: Transfer {
        Transfer(debit: self.credit, credit: self.debit, amount: self.amount)
    }
}

extension Posted {
    fileprivate var reversed: Posted {
        Posted(
            sequence: self.sequence,
            kind: self.kind,
            paymentID: self.paymentID,
            refundID: self.refundID,
            orderID: self.orderID,
            subject: self.subject,
            amount: self.amount,
            currency: self.currency,
            debit: self.credit,
            credit: self.debit
        )
    }
}
