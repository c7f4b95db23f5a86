import Domain
import StorageCore

/// The cached state of a journal: its last entry and the balances after it.
struct KnownBooks {
    var head = JournalHead.empty
    var trialBalance = TrialBalance()
}

/// The lookup of the facts that decide on a batch: its requests, and the reading of the answers.
///
/// The requests are one round trip: they begin the transaction, lock the journal, and read behind
/// the lock, where no other process writes.
struct BatchLookup {
    private let batch: [JournalWrite]
    private let known: KnownBooks
    private let paymentIDs: [String]
    private let refundIDs: [String]

    /// Makes the lookup for `batch`, from the state that this connection has cached.
    init(_ batch: [JournalWrite], after known: KnownBooks) {
        self.batch = batch
        self.known = known
        self.paymentIDs = Set(batch.map(\.paymentID)).sorted()
        self.refundIDs = Set(batch.compactMap(\.refundID)).sorted()
    }

    var requests: [PostgreSQLRequest] {
        let refunds = PostgreSQLParameter.array(self.refundIDs)
        let both = [PostgreSQLParameter.array(self.paymentIDs), refunds]
        let known = PostgreSQLParameter(Int64(clamping: self.known.head.sequence))
        let always: [PostgreSQLRequest] = [
            .execute(.begin, []), .execute(.setDurability, []), .execute(.lockJournal, []),
            .execute(.heads, [known]), .execute(.bookedSince, [known]),
            .execute(.capturesByID, both),
        ]
        if self.refundIDs.isEmpty { return always }
        return always + [.execute(.refundsByID, [refunds]), .execute(.tailsOfPayments, both)]
    }

    /// The standbys that commits wait for, from the answers to ``requests``; empty if there are
    /// none.
    static func standbys(_ answers: [PostgreSQLAnswer]) -> String { answers[1].text(0, 2) }

    /// Decides on the batch by the answers to ``requests``.
    ///
    /// - Returns: A result for each write, and the entries to write.
    func decide(
        _ answers: [PostgreSQLAnswer],
        _ chainer: EntryChainer
    ) throws(CommitFailure) -> ([Result<JournalVerdict, JournalError>], BatchDecider) {
        guard answers[2].rowCount == 1 else {
            throw .damaged("the table journal must have exactly one row")
        }
        guard let head = try answers[3].head(after: self.known.head) else {
            // Reopening the store reports what is missing.
            throw .journal(.unavailable)
        }
        let trialBalance = try answers[4].trialBalance(
            after: self.known.head.sequence,
            self.known.trialBalance
        )
        let found = try FoundEntries(Array(answers[5...]), chainer)
        var decider = BatchDecider(after: head, trialBalance, chainer)
        return (self.batch.map { found.decide($0, &decider) }, decider)
    }
}

/// The committed entries that concern a batch, by the ids of captures, refunds and payments.
private struct FoundEntries {
    private var captures: [String: Entry] = [:]
    private var refunds: [String: Entry] = [:]
    private var refundables: [String: RefundableState] = [:]

    /// Reads the answers for captures, refunds and refundable states; a batch without refunds has only the
    /// first.
    init(_ answers: [PostgreSQLAnswer], _ chainer: EntryChainer) throws(CommitFailure) {
        for row in try answers[0].rows() {
            self.captures[row.paymentID] = try row.entry(chainer)
        }
        guard answers.count > 2 else { return }
        for row in try answers[1].rows() {
            self.refunds[row.refundID ?? ""] = try row.entry(chainer)
        }
        for row in try answers[2].rows() {
            _ = try row.entry(chainer)
            self.refundables[row.paymentID] = try self.refundable(row)
        }
    }

    private func refundable(_ last: EntryRow) throws(CommitFailure) -> RefundableState {
        guard case .capture(let capture) = self.captures[last.paymentID]?.record else {
            throw .damaged("entry \(last.sequence) refunds a payment that is not there")
        }
        return RefundableState(
            capture: capture,
            refundCount: last.ordinal,
            remaining: last.remaining
        )
    }

    /// Decides on one write; an error of that write alone is its result.
    func decide(
        _ write: JournalWrite,
        _ decider: inout BatchDecider
    ) -> Result<JournalVerdict, JournalError> {
        do throws(JournalError) {
            switch write {
            case .capture(let capture):
                let earlier = self.captures[capture.paymentID.text]
                return .success(.capture(try decider.decide(capture, earlier: earlier)))
            case .refund(let draft):
                let earlier = self.refunds[draft.id.text]
                let payment = self.refundables[(earlier?.paymentID ?? draft.paymentID).text]
                return .success(
                    .refund(try decider.decide(draft, earlier: earlier, payment: payment))
                )
            }
        } catch {
            return .failure(error)
        }
    }
}

extension JournalWrite {
    fileprivate var paymentID: String {
        switch self {
        case .capture(let capture): capture.paymentID.text
        case .refund(let draft): draft.paymentID.text
        }
    }

    fileprivate var refundID: String? {
        switch self {
        case .capture: nil
        case .refund(let draft): draft.id.text
        }
    }
}
