import Domain
import StorageCore

/// The failure of a transaction, without a confirmed commit.
enum CommitFailure: Error {
    case database(PostgreSQLError)
    /// The database failed when the commit was among its requests.
    case committing(PostgreSQLError)
    case journal(JournalError)

    static func damaged(_ message: String) -> CommitFailure {
        .journal(.corrupt(reason: message))
    }

    /// True if a repetition may succeed.
    var isPassing: Bool {
        switch self {
        case .database(let error), .committing(let error): error.isPassing
        case .journal: false
        }
    }

    /// True if the connection can roll back.
    var leavesConnection: Bool {
        switch self {
        case .database(let error), .committing(let error): error.leavesConnection
        case .journal: true
        }
    }

    /// The failure for operators.
    ///
    /// Another session may repeat the transaction only when this one ended before the commit was
    /// sent.
    var connectionFailure: ConnectionFailure {
        switch self {
        case .database(let error):
            ConnectionFailure(error.description, isRepeatable: error.endsSession)
        case .committing(let error): ConnectionFailure(error.description)
        case .journal(let error): ConnectionFailure("\(error)")
        }
    }

    var journalError: JournalError {
        switch self {
        case .database(let error): error.beforeCommit
        case .committing(let error): error.whileCommitting
        case .journal(let error): error
        }
    }
}

extension EntryRow {
    /// The entry in this row, with a verified chain link.
    func entry(_ chainer: EntryChainer) throws(CommitFailure) -> Entry {
        do throws(JournalError) {
            return try self.chained(by: chainer).entry
        } catch {
            throw .journal(error)
        }
    }
}

/// Decoding of a transaction's answers.
extension PostgreSQLAnswer {
    func rows() throws(CommitFailure) -> [EntryRow] {
        do throws(PostgreSQLError) {
            return try EntryRow.rows(self)
        } catch {
            throw .database(error)
        }
    }

    /// The last entry; nil if the journal lacks the entry `known`.
    func head(after known: JournalHead) throws(CommitFailure) -> JournalHead? {
        var (last, hasKnown) = (JournalHead.empty, known == .empty)
        do throws(PostgreSQLError) {
            for row in 0..<self.rowCount {
                guard let hash = EntryHash(self.bytes(row, 1)) else {
                    throw .damaged("an entry has no hash")
                }
                let sequence = UInt64(clamping: try self.integer(row, 0))
                let head = JournalHead(sequence: sequence, hash: hash)
                hasKnown = hasKnown || head == known
                if sequence > last.sequence { last = head }
            }
        } catch {
            throw .database(error)
        }
        return hasKnown ? last : nil
    }

    /// All balances, with equal debits and credits in every currency.
    ///
    /// Adds this answer, the entries that others booked since, to `known`, the balances up to
    /// `sequence`.
    func trialBalance(
        after sequence: UInt64,
        _ known: TrialBalance
    ) throws(CommitFailure) -> TrialBalance {
        if self.rowCount == 0 { return known }
        var trialBalance = known
        do throws(PostgreSQLError) {
            if UInt64(clamping: try self.integer(0, 0)) > sequence { trialBalance = TrialBalance() }
            for row in 0..<self.rowCount {
                guard let currency = Currency(recorded: self.text(row, 1)),
                    let account = try? Account(name: self.text(row, 2))
                else { throw .damaged("a balance has an unknown account or currency") }
                let (before, booked) = (
                    trialBalance.balance(of: account, in: currency), try self.balance(row, 3)
                )
                let sum = Balance(
                    debits: before.debits &+ booked.debits,
                    credits: before.credits &+ booked.credits
                )
                trialBalance.restore(sum, of: account, in: currency)
            }
        } catch {
            throw .database(error)
        }
        guard trialBalance.isBalanced else { throw .damaged("debits and credits differ") }
        return trialBalance
    }

    /// Debits and credits, in two adjacent columns.
    func balance(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Balance {
        Balance(
            debits: try self.integer(row, column),
            credits: try self.integer(row, column + 1)
        )
    }
}
