import Domain
import StorageCore

/// A connection to a journal in a SQLite file.
///
/// The writer caches the last entry and the balances: it is the only writer, and after an error it
/// is opened anew.
final class SQLiteJournalConnection: JournalConnection {
    private let database: SQLiteDatabase
    private let statements: JournalStatements
    private let chainer: EntryChainer
    private let watermark: DurabilityWatermark?
    private let lock: JournalLock?
    private var head: JournalHead
    private var trialBalance: TrialBalance
    private(set) var failure: ConnectionFailure?
    private let checkAccess: () throws(SQLiteError) -> Void

    /// Makes a connection over `database`.
    ///
    /// A writer records durable entries in `watermark` and excludes other writers by holding `lock`; a
    /// reader has neither. `checkAccess` throws if the files are not writable.
    init(
        _ database: consuming SQLiteDatabase,
        _ chainer: EntryChainer,
        watermark: DurabilityWatermark?,
        lock: JournalLock?,
        checkAccess: @escaping () throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        self.checkAccess = checkAccess
        self.statements = try JournalStatements(database)
        self.database = database
        self.chainer = chainer
        self.watermark = watermark
        self.lock = lock
        do throws(JournalError) {
            self.head = try self.statements.last(by: chainer).map(JournalHead.init) ?? .empty
            self.trialBalance = try self.statements.trialBalance()
        } catch {
            guard case .corrupt(let reason) = error else { throw .damaged("\(error)") }
            throw .damaged(reason)
        }
    }

    /// The sequence of the last entry.
    var lastSequence: UInt64 { self.head.sequence }

    var durableHead: JournalHead { self.head }

    /// Always 0: SQLite shows a commit to readers only once its log is synced, and the writer syncs
    /// what a crash left.
    var seenSequence: UInt64 { 0 }

    /// Always false: after an accepted loss, the operator removes the watermark in the folder.
    func hasAccepted(lossOf head: JournalHead) -> Bool { false }

    /// Copies the log into the database, so that the log can restart.
    func syncLog() throws(SQLiteError) {
        try self.database.execute("PRAGMA wal_checkpoint(PASSIVE)")
    }

    func commit(
        _ batch: [JournalWrite]
    ) throws(JournalError) -> [Result<JournalVerdict, JournalError>] {
        try self.before { () throws(SQLiteError) in try self.database.execute("BEGIN IMMEDIATE") }
        do throws(JournalError) {
            var decider = BatchDecider(after: self.head, self.trialBalance, self.chainer)
            var verdicts: [Result<JournalVerdict, JournalError>] = []
            for write in batch { verdicts.append(try self.decide(write, &decider)) }
            try self.write(decider)
            try self.commit(decider)
            return verdicts
        } catch {
            if self.database.isInTransaction { try? self.database.execute("ROLLBACK") }
            throw error
        }
    }

    func history(of paymentID: PaymentID) throws(JournalError) -> CaptureHistory? {
        try self.statements.history(of: paymentID, by: self.chainer)
    }

    func balance(of account: Account, in currency: Currency) throws(JournalError) -> Balance {
        try self.statements.balance(of: account, in: currency)
    }

    func entries(after sequence: UInt64, limit: Int) throws(JournalError) -> [ChainedEntry] {
        try self.statements.entries(after: sequence, limit: limit, by: self.chainer)
    }

    func movements(after sequence: UInt64, limit: Int) throws(JournalError) -> [Movement] {
        try self.before { () throws(SQLiteError) in
            try self.statements.movements(after: sequence, limit: limit)
        }
    }

    func checkStore() throws(JournalError) -> String? {
        try self.before { () throws(SQLiteError) in
            let found = try self.database.texts("PRAGMA integrity_check(1)")
            if found != ["ok"] { return found.first ?? "the database cannot be checked" }
            let bad = try self.database.integer(JournalSchema.firstBadRefund)
            return bad == 0 ? nil : "entry \(bad) takes more than what remained"
        }
    }

    /// Checks that the files still exist and are writable.
    func probe() throws(JournalError) {
        try self.before { () throws(SQLiteError) in
            try self.database.checkPresence()
            try self.checkAccess()
        }
    }

    /// Does nothing: SQLite closes the file with the last reference to the connection.
    func close() {}
}

extension SQLiteJournalConnection {
    /// Decides on one write.
    ///
    /// An error of that write alone is its result; any other error fails the batch.
    private func decide(
        _ write: JournalWrite,
        _ decider: inout BatchDecider
    ) throws(JournalError) -> Result<JournalVerdict, JournalError> {
        switch write {
        case .capture(let capture):
            let earlier = try self.statements.capture(capture.paymentID, by: self.chainer)
            do throws(JournalError) {
                return .success(.capture(try decider.decide(capture, earlier: earlier)))
            } catch {
                return .failure(error)
            }
        case .refund(let draft):
            let earlier = try self.statements.refund(draft.id, by: self.chainer)
            let payment = try self.statements.refundable(
                of: earlier?.paymentID ?? draft.paymentID,
                by: self.chainer
            )
            do throws(JournalError) {
                return .success(
                    .refund(try decider.decide(draft, earlier: earlier, payment: payment))
                )
            } catch {
                return .failure(error)
            }
        }
    }

    private func write(_ decider: BatchDecider) throws(JournalError) {
        try self.before { () throws(SQLiteError) in
            for row in decider.rows { try self.statements.insert(row) }
            let currencies = Set(decider.rows.map(\.currency)).sorted()
            for code in currencies { try self.statements.write(decider.trialBalance, code) }
        }
    }

    private func commit(_ decider: BatchDecider) throws(JournalError) {
        do throws(SQLiteError) {
            try self.database.execute("COMMIT")
            try self.database.checkPresence()
        } catch {
            self.failure = ConnectionFailure(error.description)
            throw error.whileCommitting
        }
        self.head = decider.head
        self.trialBalance = decider.trialBalance
        if !decider.rows.isEmpty { self.watermark?.write(decider.head.sequence) }
    }

    private func before<Answer>(
        _ action: () throws(SQLiteError) -> Answer
    ) throws(JournalError) -> Answer {
        do throws(SQLiteError) {
            return try action()
        } catch {
            self.failure = ConnectionFailure(error.description)
            throw error.beforeCommit
        }
    }
}
