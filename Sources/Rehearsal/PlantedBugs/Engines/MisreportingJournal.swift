import Checkers
import Domain
import Synchronization
import TransportCore

/// The real journal with false reports to the ledger.
struct MisreportingJournal: Journal {
    enum Flaw {
        /// A capture is acknowledged before it is written.
        case answersBeforeCommit
        /// A commit with an unknown outcome is reported as not done.
        case unknownIsUnavailable
        /// A write to a full disk is reported as done.
        case fullIsDone
        /// A write to a full disk is refused, and done later all the same.
        case fullIsLater
        /// A refund is visible before it is written.
        case showsUnwritten
        /// A repeated refund is answered with today's remaining amount.
        case replaysFromNow
        /// A history is read once and never again.
        case remembersReads
        /// An unreadable entry counts as absent.
        case faultIsAbsence
        /// The journal refuses all requests until it has recovered, without reporting so.
        case recovers(Timeline, until: Timeline.Instant)
    }

    let flaw: Flaw
    let base: any Journal
    private let remembered = Remembered()

    private final class Remembered: Sendable {
        let histories = Mutex<[PaymentID: CaptureHistory]>([:])
        let drafts = Mutex<[PaymentID: RefundDraft]>([:])
    }

    init(_ flaw: Flaw, _ base: any Journal) {
        self.flaw = flaw
        self.base = base
    }

    func append(_ capture: Capture) async throws(JournalError) -> CaptureOutcome {
        try self.checkRecovered()
        if case .answersBeforeCommit = self.flaw, try await self.isNew(capture) {
            Task { try? await self.base.append(capture) }
            return .recorded(Entry(sequence: 0, record: .capture(capture)))
        }
        do throws(JournalError) {
            return try await self.base.append(capture)
        } catch {
            if case .fullIsDone = self.flaw, error.isFull {
                return .recorded(Entry(sequence: 0, record: .capture(capture)))
            }
            if case .fullIsLater = self.flaw, error.isFull { self.writeLater(capture) }
            throw self.retold(error)
        }
    }

    func append(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome {
        try self.checkRecovered()
        do throws(JournalError) {
            switch self.flaw {
            case .showsUnwritten: return try await self.appendInSight(draft)
            case .replaysFromNow: return try await self.appendFromNow(draft)
            default: return try await self.base.append(draft)
            }
        } catch {
            throw self.retold(error)
        }
    }

    func history(of paymentID: PaymentID) async throws(JournalError) -> CaptureHistory? {
        try self.checkRecovered()
        if case .faultIsAbsence = self.flaw { return try? await self.base.history(of: paymentID) }
        guard case .remembersReads = self.flaw else {
            let history = try await self.base.history(of: paymentID)
            let draft = self.remembered.drafts.withLock { $0[paymentID] }
            return draft.flatMap { history?.adding($0) } ?? history
        }
        if let known = self.remembered.histories.withLock({ $0[paymentID] }) { return known }
        let history = try await self.base.history(of: paymentID)
        self.remembered.histories.withLock { $0[paymentID] = history }
        return history
    }

    func balance(
        of account: Account,
        in currency: Currency
    ) async throws(JournalError) -> Balance {
        try self.checkRecovered()
        return try await self.base.balance(of: account, in: currency)
    }

    func entries(after sequence: UInt64, limit: Int) async throws(JournalError) -> [ChainedEntry] {
        try self.checkRecovered()
        return try await self.base.entries(after: sequence, limit: limit)
    }

    func awaitEntries(after sequence: UInt64) async {
        await self.base.awaitEntries(after: sequence)
    }

    func releaseWaiters() { self.base.releaseWaiters() }

    func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async {
        await self.base.run(reporting: report)
    }

    private func writeLater(_ capture: Capture) {
        Task {
            for _ in 1...Self.triesMax {
                // A read takes the place of a pause between two tries.
                _ = try await self.base.history(of: capture.paymentID)
                if (try? await self.base.append(capture)) != nil { return }
            }
        }
    }

    private static let triesMax = 1_000

    private func isNew(_ capture: Capture) async throws(JournalError) -> Bool {
        try await self.base.history(of: capture.paymentID) == nil
    }

    private func appendInSight(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome {
        self.remembered.drafts.withLock { $0[draft.paymentID] = draft }
        defer { self.remembered.drafts.withLock { $0[draft.paymentID] = nil } }
        return try await self.base.append(draft)
    }

    private func appendFromNow(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome {
        let outcome = try await self.base.append(draft)
        guard case .alreadyRecorded(let entry, let record) = outcome,
            let history = try await self.base.history(of: draft.paymentID)
        else { return outcome }
        return .alreadyRecorded(
            entry,
            RefundRecord(
                refund: record.refund,
                requestedAmount: record.requestedAmount,
                subject: record.subject,
                method: record.method,
                remaining: history.remaining
            )
        )
    }

    private func retold(_ error: JournalError) -> JournalError {
        if case .unknownIsUnavailable = self.flaw, error == .outcomeUnknown { return .unavailable }
        return error
    }

    private func checkRecovered() throws(JournalError) {
        guard case .recovers(let timeline, let end) = self.flaw, timeline.now < end else { return }
        throw .unavailable
    }
}

extension CaptureHistory {
    /// The history with an unwritten refund; nil when too little remains.
    fileprivate func adding(_ draft: RefundDraft) -> CaptureHistory? {
        let units = draft.amount ?? self.remaining
        guard units <= self.remaining,
            !self.refunds.contains(where: { $0.refundID == draft.id }),
            let amount = try? Amount(minorUnits: units, currency: self.capture.amount.currency)
        else { return nil }
        let refund = Refund(
            refundID: draft.id,
            paymentID: draft.paymentID,
            amount: amount,
            reason: draft.reason
        )
        return CaptureHistory(
            capture: self.capture,
            refunds: self.refunds + [refund],
            remaining: self.remaining - units
        )
    }
}
