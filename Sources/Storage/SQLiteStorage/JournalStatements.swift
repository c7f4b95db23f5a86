import Domain
import StorageCore

/// All statements on a journal, compiled once.
///
/// Entries are verified on read: a broken chain link is `corrupt`, never an answer.
final class JournalStatements {
    private let insertion: SQLiteStatement
    private let balanceWriting: SQLiteStatement
    private let lastEntry: SQLiteStatement
    private let captureByID: SQLiteStatement
    private let refundByID: SQLiteStatement
    private let tailOfPayment: SQLiteStatement
    private let entriesOfPayment: SQLiteStatement
    private let entriesAfter: SQLiteStatement
    private let movementsAfter: SQLiteStatement
    private let balanceOfAccount: SQLiteStatement
    private let allBalances: SQLiteStatement

    init(_ database: borrowing SQLiteDatabase) throws(SQLiteError) {
        let columns = EntryRow.columnList
        let places = (1...EntryRow.columns.count).map { "?\($0)" }.joined(separator: ", ")
        let entry = "SELECT \(columns) FROM entries"
        self.insertion = try database.prepare("INSERT INTO entries (\(columns)) VALUES (\(places))")
        self.balanceWriting = try database.prepare(
            """
            INSERT INTO balances (currency, account, debits, credits) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET debits = excluded.debits, credits = excluded.credits
            """
        )
        self.lastEntry = try database.prepare("\(entry) ORDER BY sequence DESC LIMIT 1")
        self.captureByID = try database.prepare("\(entry) WHERE payment_id = ?1 AND ordinal = 0")
        self.refundByID = try database.prepare("\(entry) WHERE refund_id = ?1")
        self.tailOfPayment = try database.prepare(
            "\(entry) WHERE payment_id = ?1 ORDER BY ordinal DESC LIMIT 1"
        )
        self.entriesOfPayment = try database.prepare(
            "\(entry) WHERE payment_id = ?1 ORDER BY ordinal"
        )
        self.entriesAfter = try database.prepare(
            "\(entry) WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"
        )
        self.movementsAfter = try database.prepare(
            """
            SELECT sequence, ifnull(refund_id, payment_id), iif(ordinal = 0, amount, -amount), currency
            FROM entries WHERE sequence > ?1 ORDER BY sequence LIMIT ?2
            """
        )
        self.balanceOfAccount = try database.prepare(
            "SELECT debits, credits FROM balances WHERE currency = ?1 AND account = ?2"
        )
        self.allBalances = try database.prepare(
            "SELECT currency, account, debits, credits FROM balances ORDER BY currency, account"
        )
    }
}

extension JournalStatements {
    func insert(_ row: EntryRow) throws(SQLiteError) {
        try row.bind(to: self.insertion)
        try self.insertion.run()
    }

    /// Writes the balances of every account in the currency `code`.
    ///
    /// - Throws: `SQLITE_CORRUPT` for a text that is no currency: its balances would be left out.
    func write(_ trialBalance: TrialBalance, _ code: String) throws(SQLiteError) {
        guard let currency = Currency(recorded: code) else {
            throw .damaged("an entry's currency '\(code)' is not three capitals")
        }
        for account in Account.all {
            let balance = trialBalance.balance(of: account, in: currency)
            try self.balanceWriting.bind(1, code)
            try self.balanceWriting.bind(2, account.name)
            try self.balanceWriting.bind(3, balance.debits)
            try self.balanceWriting.bind(4, balance.credits)
            try self.balanceWriting.run()
        }
    }

    func last(by chainer: EntryChainer) throws(JournalError) -> ChainedEntry? {
        try self.rows(of: self.lastEntry) { _ throws(SQLiteError) in }.first?.chained(by: chainer)
    }

    func capture(_ id: PaymentID, by chainer: EntryChainer) throws(JournalError) -> Entry? {
        try self.rows(of: self.captureByID) { statement throws(SQLiteError) in
            try statement.bind(1, id.text)
        }.first?.chained(by: chainer).entry
    }

    func refund(_ id: RefundID, by chainer: EntryChainer) throws(JournalError) -> Entry? {
        try self.rows(of: self.refundByID) { statement throws(SQLiteError) in
            try statement.bind(1, id.text)
        }.first?.chained(by: chainer).entry
    }

    func refundable(
        of id: PaymentID,
        by chainer: EntryChainer
    ) throws(JournalError) -> RefundableState? {
        let last = try self.rows(of: self.tailOfPayment) { statement throws(SQLiteError) in
            try statement.bind(1, id.text)
        }.first
        guard let last else { return nil }
        _ = try last.chained(by: chainer)
        guard case .capture(let capture) = try self.capture(id, by: chainer)?.record else {
            throw .corrupt(reason: "entry \(last.sequence) refunds a payment that is not there")
        }
        return RefundableState(
            capture: capture,
            refundCount: last.ordinal,
            remaining: last.remaining
        )
    }

    func history(
        of id: PaymentID,
        by chainer: EntryChainer
    ) throws(JournalError) -> CaptureHistory? {
        let rows = try self.rows(of: self.entriesOfPayment) { statement throws(SQLiteError) in
            try statement.bind(1, id.text)
        }
        return try CaptureHistory(rows, chainer)
    }

    func entries(
        after sequence: UInt64,
        limit: Int,
        by chainer: EntryChainer
    ) throws(JournalError) -> [ChainedEntry] {
        let rows = try self.rows(of: self.entriesAfter) { statement throws(SQLiteError) in
            try statement.bind(1, Int64(clamping: sequence))
            try statement.bind(2, Int64(max(0, limit)))
        }
        var entries: [ChainedEntry] = []
        for row in rows { entries.append(try row.chained(by: chainer)) }
        return entries
    }

    func movements(after sequence: UInt64, limit: Int) throws(SQLiteError) -> [Movement] {
        defer { self.movementsAfter.reset() }
        try self.movementsAfter.bind(1, Int64(clamping: sequence))
        try self.movementsAfter.bind(2, Int64(max(0, limit)))
        var movements: [Movement] = []
        while try self.movementsAfter.step() {
            movements.append(
                Movement(
                    sequence: UInt64(clamping: self.movementsAfter.integer(0)),
                    reference: self.movementsAfter.text(1),
                    amount: self.movementsAfter.integer(2),
                    currency: self.movementsAfter.text(3)
                )
            )
        }
        return movements
    }

    func balance(of account: Account, in currency: Currency) throws(JournalError) -> Balance {
        do throws(SQLiteError) {
            defer { self.balanceOfAccount.reset() }
            try self.balanceOfAccount.bind(1, currency.code)
            try self.balanceOfAccount.bind(2, account.name)
            guard try self.balanceOfAccount.step() else { return Balance() }
            return Balance(
                debits: self.balanceOfAccount.integer(0),
                credits: self.balanceOfAccount.integer(1)
            )
        } catch {
            throw error.beforeCommit
        }
    }
}

extension JournalStatements {
    /// All balances.
    ///
    /// - Throws: `corrupt` if debits and credits differ.
    func trialBalance() throws(JournalError) -> TrialBalance {
        var trialBalance = TrialBalance()
        do throws(SQLiteError) {
            defer { self.allBalances.reset() }
            while try self.allBalances.step() {
                guard let currency = Currency(recorded: self.allBalances.text(0)),
                    let account = try? Account(name: self.allBalances.text(1))
                else { throw .damaged("a balance has an unknown account or currency") }
                let balance = Balance(
                    debits: self.allBalances.integer(2),
                    credits: self.allBalances.integer(3)
                )
                trialBalance.restore(balance, of: account, in: currency)
            }
        } catch {
            throw error.beforeCommit
        }
        guard trialBalance.isBalanced else { throw .corrupt(reason: "debits and credits differ") }
        return trialBalance
    }

    /// All rows of `statement` with the parameters that `bind` sets.
    private func rows(
        of statement: borrowing SQLiteStatement,
        _ bind: (borrowing SQLiteStatement) throws(SQLiteError) -> Void
    ) throws(JournalError) -> [EntryRow] {
        do throws(SQLiteError) {
            defer { statement.reset() }
            try bind(statement)
            var rows: [EntryRow] = []
            while try statement.step() { rows.append(EntryRow(statement)) }
            return rows
        } catch {
            throw error.beforeCommit
        }
    }
}
