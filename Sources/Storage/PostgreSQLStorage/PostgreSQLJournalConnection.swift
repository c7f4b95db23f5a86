import Domain
import StorageCore

/// A connection to a journal in a database that other ledgers may write to as well.
///
/// A commit is two round trips. The first begins a transaction, locks the single row of `journal`,
/// and looks everything up; the second writes and commits. The lock makes its holder the only
/// writer, so sequences have no gaps, and no two entries follow the same one. The last entry and
/// the balances are cached between commits, and updated with other ledgers' entries.
final class PostgreSQLJournalConnection: JournalConnection {
    let session: PostgreSQLSession
    private let chainer: EntryChainer
    private var known = KnownBooks()
    private(set) var seenSequence: UInt64 = 0
    /// The standbys that commits wait for, as the server last named any.
    private(set) var standbys = ""
    private(set) var failure: ConnectionFailure?
    /// The number of consecutive idle probes since the last commit.
    private var idleLooks = 0

    init(_ session: PostgreSQLSession, _ chainer: EntryChainer) throws(PostgreSQLError) {
        self.session = session
        self.chainer = chainer
        if !session.isShared { try session.ask(JournalStatement.allCases.map { .prepare($0) }) }
    }

    func commit(
        _ batch: [JournalWrite]
    ) throws(JournalError) -> [Result<JournalVerdict, JournalError>] {
        self.idleLooks = 0
        var attempt = 1
        while true {
            do throws(CommitFailure) {
                return try self.transact(BatchLookup(batch, after: self.known))
            } catch {
                self.failure = error.connectionFailure
                let isClean = error.leavesConnection && self.rollBack()
                guard error.isPassing, isClean, attempt < PostgreSQLLimits.attemptsMax else {
                    throw error.journalError
                }
                self.pause(after: attempt)
                attempt += 1
            }
        }
    }

    var durableHead: JournalHead { self.known.head }

    func history(of paymentID: PaymentID) throws(JournalError) -> CaptureHistory? {
        let rows = try self.entries(.entriesOfPayment, [PostgreSQLParameter(paymentID.text)])
        return try CaptureHistory(rows, self.chainer)
    }

    func balance(of account: Account, in currency: Currency) throws(JournalError) -> Balance {
        let parameters = [currency.code, account.name].map { PostgreSQLParameter($0) }
        // The balance is read first, so that it contains no entry after the head.
        let requests: [PostgreSQLRequest] = [
            .execute(.balanceOfAccount, parameters), .execute(.heads, [PostgreSQLParameter(0)]),
        ]
        do throws(PostgreSQLError) {
            let answers = try self.session.ask(requests)
            let (balance, head) = (answers[0], answers[1])
            self.seenSequence = head.rowCount == 0 ? 0 : UInt64(clamping: try head.integer(0, 0))
            return balance.rowCount == 0 ? Balance() : try balance.balance(0, 0)
        } catch {
            throw error.beforeCommit
        }
    }

    func entries(after sequence: UInt64, limit: Int) throws(JournalError) -> [ChainedEntry] {
        let numbers = [Int64(clamping: sequence), Int64(max(0, limit))]
        let rows = try self.entries(.entriesAfter, numbers.map { PostgreSQLParameter($0) })
        var entries: [ChainedEntry] = []
        for row in rows { entries.append(try row.chained(by: self.chainer)) }
        return entries
    }

    func hasAccepted(lossOf head: JournalHead) throws(JournalError) -> Bool {
        let parameters = [
            PostgreSQLParameter(Int64(clamping: head.sequence)),
            PostgreSQLParameter(head.hash.bytes),
        ]
        return try self.read(.acceptedLoss, parameters) { answer throws(PostgreSQLError) in
            answer.rowCount > 0
        }
    }

    func movements(after sequence: UInt64, limit: Int) throws(JournalError) -> [Movement] {
        let numbers = [Int64(clamping: sequence), Int64(max(0, limit))]
        let parameters = numbers.map { PostgreSQLParameter($0) }
        return try self.read(.movementsAfter, parameters) { answer throws(PostgreSQLError) in
            var movements: [Movement] = []
            for row in 0..<answer.rowCount { movements.append(try Movement(answer, row)) }
            return movements
        }
    }

    /// Checks that the session is alive and, every ``PostgreSQLLimits/looksPerProbe`` calls, that a
    /// commit succeeds.
    func probe() throws(JournalError) {
        do throws(PostgreSQLError) {
            try self.session.checkAlive()
            self.idleLooks += 1
            guard self.idleLooks >= PostgreSQLLimits.looksPerProbe else { return }
            self.idleLooks = 0
            try self.checkCommits()
        } catch {
            self.failure = ConnectionFailure(error.description, isRepeatable: error.endsSession)
            throw error.beforeCommit
        }
    }

    /// Commits like a payment, but without an entry.
    ///
    /// With the head locked, the commit waits for everything that a payment's commit waits for.
    func checkCommits() throws(PostgreSQLError) {
        do throws(PostgreSQLError) {
            let answers = try self.session.ask(
                [
                    .execute(.begin, []), .execute(.setDurability, []),
                    .execute(.lockJournal, []), .execute(.commit, []),
                ],
                patience: PostgreSQLLimits.probeSeconds
            )
            try self.checkCommit(answers.last)
        } catch {
            throw error.whileProbing
        }
        try JournalSchema.checkRights(self.session)
    }

    /// Does nothing: the session ends with the last reference to this connection.
    func close() {}
}

extension PostgreSQLJournalConnection {
    private func transact(
        _ lookup: BatchLookup
    ) throws(CommitFailure) -> [Result<JournalVerdict, JournalError>] {
        let answers: [PostgreSQLAnswer]
        do throws(PostgreSQLError) {
            try self.session.checkAlive()
            answers = try self.session.ask(lookup.requests)
        } catch {
            throw .database(error)
        }
        let standbys = BatchLookup.standbys(answers)
        if !standbys.isEmpty { self.standbys = standbys }
        let (verdicts, decider) = try lookup.decide(answers, self.chainer)
        do throws(PostgreSQLError) {
            try self.write(decider)
        } catch {
            throw .committing(error)
        }
        self.known = KnownBooks(head: decider.head, trialBalance: decider.trialBalance)
        return verdicts
    }

    /// Writes the new entries and commits.
    ///
    /// Without anything new it commits too. The lock of the journal is written to the server's log, so
    /// the commit waits for the disk and for synchronous standbys: whatever the verdicts rest on is
    /// as durable as a commit of their own, also what a server shows that no standby ever got.
    private func write(_ decider: BatchDecider) throws(PostgreSQLError) {
        try self.checkCommit(self.session.ask(decider.requests + [.execute(.commit, [])]).last)
        try self.confirmStandbys()
    }

    /// - Throws: an unknown outcome, unless `answer` says that all of a commit was done.
    private func checkCommit(_ answer: PostgreSQLAnswer?) throws(PostgreSQLError) {
        guard let answer, answer.command == "COMMIT" else {
            throw PostgreSQLError(cause: .lostAfterwards, message: "the commit was not done")
        }
        // PostgreSQL's warning: "The transaction has already committed locally, but might not have
        // been replicated."
        if let warning = answer.warning {
            throw PostgreSQLError(
                cause: .lostAfterwards,
                message: self.session.address.clean(warning)
            )
        }
    }

    /// Waits in the database for a random time that grows with each attempt, so that conflicting
    /// transactions do not meet again.
    private func pause(after attempt: Int) {
        let longest = 0.005 * Double(1 << min(attempt, 6))
        _ = try? self.session.ask([.direct("SELECT pg_sleep(random() * \(longest))")])
    }

    /// - Returns: True if the session is outside any transaction.
    private func rollBack() -> Bool {
        (try? self.session.ask([.execute(.rollback, [])])) != nil
    }

    private func entries(
        _ statement: JournalStatement,
        _ parameters: [PostgreSQLParameter]
    ) throws(JournalError) -> [EntryRow] {
        let rows = try self.read(statement, parameters) { answer throws(PostgreSQLError) in
            try EntryRow.rows(answer)
        }
        self.seenSequence = rows.last?.sequence ?? 0
        return rows
    }

    private func read<Answer>(
        _ statement: JournalStatement,
        _ parameters: [PostgreSQLParameter],
        _ body: (PostgreSQLAnswer) throws(PostgreSQLError) -> Answer
    ) throws(JournalError) -> Answer {
        do throws(PostgreSQLError) {
            return try body(try self.session.ask([.execute(statement, parameters)])[0])
        } catch {
            self.failure = ConnectionFailure(error.description, isRepeatable: error.endsSession)
            throw error.beforeCommit
        }
    }
}

extension BatchDecider {
    /// The requests that write the rows, and a checkpoint if one is due; empty without rows.
    fileprivate var requests: [PostgreSQLRequest] {
        guard let first = self.rows.first else { return [] }
        let insertion = PostgreSQLRequest.execute(.insertEntries, EntryRow.parameters(self.rows))
        let interval = JournalSchema.checkpointEntries
        let isDue = self.head.sequence / interval > (first.sequence - 1) / interval
        if !isDue { return [insertion] }
        let sequence = PostgreSQLParameter(Int64(clamping: self.head.sequence))
        return [insertion, .execute(.writeCheckpoint, [sequence])]
    }
}

extension Movement {
    fileprivate init(_ answer: PostgreSQLAnswer, _ row: Int) throws(PostgreSQLError) {
        self.init(
            sequence: UInt64(clamping: try answer.integer(row, 0)),
            reference: answer.text(row, 1),
            amount: try answer.integer(row, 2),
            currency: answer.text(row, 3)
        )
    }
}
