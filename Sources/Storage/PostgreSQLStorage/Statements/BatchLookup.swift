import Domain
import StorageCore

/// What is known of a journal: its last entry, and the balances that it left.
struct KnownBooks {
    var head = JournalHead.empty
    var sheet = BalanceSheet()
}

/// What a batch has to know before it is judged: which ids are looked up, and what became of it.
///
/// The requests are one round trip: they begin the transaction, lock the journal, and read behind the
/// lock, where nobody else writes.
struct BatchLookup {
    private let batch: [JournalWrite]
    private let known: KnownBooks
    private let paymentIDs: [String]
    private let refundIDs: [String]

    /// Looks the writes of `batch` up from where this connection left the journal.
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

    /// The standbys that commits wait for, by the answers to ``requests``; empty when there are none.
    static func standbys(_ answers: [PostgreSQLAnswer]) -> String { answers[1].text(0, 2) }

    /// Judges the batch by the answers to ``requests``.
    ///
    /// - Returns: a verdict for each write, and what is to be written.
    func judge(
        _ answers: [PostgreSQLAnswer],
        _ sealer: EntrySealer
    ) throws(CommitFailure) -> ([Result<JournalVerdict, JournalError>], BatchJudge) {
        guard answers[2].rowCount == 1 else {
            throw .damaged("the table journal has not its one row")
        }
        guard let head = try answers[3].head(after: self.known.head) else {
            // Opening the store anew says what is missing.
            throw .journal(.unavailable)
        }
        let sheet = try answers[4].sheet(after: self.known.head.sequence, self.known.sheet)
        let found = try FoundEntries(Array(answers[5...]), sealer)
        var judge = BatchJudge(after: head, sheet, sealer)
        return (self.batch.map { found.judge($0, &judge) }, judge)
    }
}

/// The committed entries that concern a batch, by the ids of captures, refunds, and payments.
private struct FoundEntries {
    private var captures: [String: Entry] = [:]
    private var refunds: [String: Entry] = [:]
    private var tails: [String: PaymentTail] = [:]

    /// Takes the answers for captures, refunds and tails; without refunds there are no others.
    init(_ answers: [PostgreSQLAnswer], _ sealer: EntrySealer) throws(CommitFailure) {
        for row in try answers[0].rows() {
            self.captures[row.paymentID] = try row.entry(sealer)
        }
        guard answers.count > 2 else { return }
        for row in try answers[1].rows() {
            self.refunds[row.refundID ?? ""] = try row.entry(sealer)
        }
        for row in try answers[2].rows() {
            _ = try row.entry(sealer)
            self.tails[row.paymentID] = try self.tail(row)
        }
    }

    private func tail(_ last: EntryRow) throws(CommitFailure) -> PaymentTail {
        guard case .capture(let capture) = self.captures[last.paymentID]?.record else {
            throw .damaged("entry \(last.sequence) refunds a payment that is not there")
        }
        return PaymentTail(
            capture: capture,
            refundCount: last.ordinal,
            remaining: last.remaining
        )
    }

    /// A refusal that concerns one write alone is its verdict.
    func judge(
        _ write: JournalWrite,
        _ judge: inout BatchJudge
    ) -> Result<JournalVerdict, JournalError> {
        do throws(JournalError) {
            switch write {
            case .capture(let capture):
                let earlier = self.captures[capture.paymentID.text]
                return .success(.capture(try judge.judge(capture, earlier: earlier)))
            case .refund(let draft):
                let earlier = self.refunds[draft.refundID.text]
                let payment = self.tails[(earlier?.paymentID ?? draft.paymentID).text]
                return .success(
                    .refund(try judge.judge(draft, earlier: earlier, payment: payment))
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
        case .refund(let draft): draft.refundID.text
        }
    }
}
