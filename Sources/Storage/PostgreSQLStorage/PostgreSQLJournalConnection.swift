import Domain
import StorageCore

/// A connection to a journal in a database that others write to as well.
///
/// A commit is two round trips. The first begins a transaction, locks the one row of `head`, and
/// looks everything up; the second writes, moves the head and commits. Who holds the head is the
/// only writer there is: sequences have no gap, and no two entries follow the same one. Nothing is
/// remembered from one commit to the next.
final class PostgreSQLJournalConnection: JournalConnection {
    let session: PostgreSQLSession
    private let sealer: EntrySealer

    init(_ session: PostgreSQLSession, _ sealer: EntrySealer) throws(PostgreSQLError) {
        self.session = session
        self.sealer = sealer
        try session.ask(JournalStatement.allCases.map { .prepare($0) })
    }

    func commit(
        _ batch: [JournalWrite]
    ) throws(JournalError) -> [Result<JournalVerdict, JournalError>] {
        var attempt = 1
        while true {
            do throws(CommitFailure) {
                return try self.transact(BatchLookup(batch))
            } catch {
                let isClean = error.leavesConnection && self.rollBack()
                guard error.isPassing, isClean, attempt < PostgreSQLLimits.attemptsMax else {
                    throw error.journalError
                }
                self.pause(after: attempt)
                attempt += 1
            }
        }
    }

    func history(of paymentID: PaymentID) throws(JournalError) -> CaptureHistory? {
        let rows = try self.entries(.entriesOfPayment, [PostgreSQLParameter(paymentID.text)])
        return try CaptureHistory(rows, self.sealer)
    }

    func balance(of account: Account, in currency: Currency) throws(JournalError) -> Balance {
        let parameters = [currency.code, account.name].map { PostgreSQLParameter($0) }
        return try self.read(.balanceOfAccount, parameters) { answer throws(PostgreSQLError) in
            answer.rowCount == 0 ? Balance() : try answer.balance(0, 0)
        }
    }

    func entries(after sequence: UInt64, limit: Int) throws(JournalError) -> [SealedEntry] {
        let numbers = [Int64(clamping: sequence), Int64(max(0, limit))]
        let rows = try self.entries(.entriesAfter, numbers.map { PostgreSQLParameter($0) })
        var entries: [SealedEntry] = []
        for row in rows { entries.append(try row.sealed(by: self.sealer)) }
        return entries
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

    /// The session ends when the last that holds this connection lets it go.
    func close() {}
}

extension PostgreSQLJournalConnection {
    private func transact(
        _ lookup: BatchLookup
    ) throws(CommitFailure) -> [Result<JournalVerdict, JournalError>] {
        let answers: [PostgreSQLAnswer]
        do throws(PostgreSQLError) {
            answers = try self.session.ask(lookup.requests)
        } catch {
            throw .database(error)
        }
        let (verdicts, judge) = try lookup.judge(answers, self.sealer)
        do throws(PostgreSQLError) {
            try self.write(judge)
        } catch {
            throw .committing(error)
        }
        return verdicts
    }

    /// Writes and commits, or ends a transaction in which there was nothing to write.
    private func write(_ judge: BatchJudge) throws(PostgreSQLError) {
        if judge.rows.isEmpty {
            try self.session.ask([.execute(.rollback, [])])
            return
        }
        let head = [
            PostgreSQLParameter(Int64(clamping: judge.head.sequence)),
            PostgreSQLParameter(judge.head.hash.bytes),
        ]
        let answers = try self.session.ask([
            .execute(.insertEntries, EntryRow.parameters(judge.rows)),
            .execute(.writeBalances, judge.changedBalances),
            .execute(.moveHead, head),
            .execute(.commit, []),
        ])
        guard answers.last?.command == "COMMIT" else {
            throw PostgreSQLError(cause: .lostAfterwards, message: "the commit was not done")
        }
    }

    /// Lets the database wait, longer after each attempt and never as long as for another writer:
    /// those that were in each other's way would be again.
    private func pause(after attempt: Int) {
        let longest = 0.005 * Double(1 << min(attempt, 6))
        _ = try? self.session.ask([.direct("SELECT pg_sleep(random() * \(longest))")])
    }

    /// - Returns: whether the session is out of any transaction.
    private func rollBack() -> Bool {
        (try? self.session.ask([.execute(.rollback, [])])) != nil
    }

    private func entries(
        _ statement: JournalStatement,
        _ parameters: [PostgreSQLParameter]
    ) throws(JournalError) -> [EntryRow] {
        try self.read(statement, parameters) { answer throws(PostgreSQLError) in
            try EntryRow.rows(answer)
        }
    }

    private func read<Answer>(
        _ statement: JournalStatement,
        _ parameters: [PostgreSQLParameter],
        _ body: (PostgreSQLAnswer) throws(PostgreSQLError) -> Answer
    ) throws(JournalError) -> Answer {
        do throws(PostgreSQLError) {
            return try body(try self.session.ask([.execute(statement, parameters)])[0])
        } catch {
            throw error.beforeCommit
        }
    }
}

extension BatchJudge {
    /// The balances of every account in the currencies that something was booked in.
    fileprivate var changedBalances: [PostgreSQLParameter] {
        let codes = Set(self.rows.map(\.currency)).sorted()
        let changed = codes.flatMap { code in Account.all.map { (code, $0) } }
        let balances = changed.map { code, account in
            Currency(recorded: code).map { self.sheet.balance(of: account, in: $0) } ?? Balance()
        }
        return [
            .array(changed.map(\.0)), .array(changed.map(\.1.name)),
            .array(balances.map(\.debits)), .array(balances.map(\.credits)),
        ]
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
