import Domain
import StorageCore

/// Why a transaction of the journal ended without a commit that is known of.
enum CommitFailure: Error {
    case database(PostgreSQLError)
    /// The database failed when the commit was among what it was asked.
    case committing(PostgreSQLError)
    case journal(JournalError)

    static func damaged(_ message: String) -> CommitFailure {
        .journal(.corrupt(reason: message))
    }

    /// Whether the same may succeed when it is tried again.
    var isPassing: Bool {
        switch self {
        case .database(let error), .committing(let error): error.isPassing
        case .journal: false
        }
    }

    /// Whether the connection can be asked for a rollback.
    var leavesConnection: Bool {
        switch self {
        case .database(let error), .committing(let error): error.leavesConnection
        case .journal: true
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
    /// The entry in this row, whose seal is whole.
    func entry(_ sealer: EntrySealer) throws(CommitFailure) -> Entry {
        do throws(JournalError) {
            return try self.sealed(by: sealer).entry
        } catch {
            throw .journal(error)
        }
    }
}

/// Answers as a transaction reads them.
extension PostgreSQLAnswer {
    func rows() throws(CommitFailure) -> [EntryRow] {
        do throws(PostgreSQLError) {
            return try EntryRow.rows(self)
        } catch {
            throw .database(error)
        }
    }

    /// The one row of `head`.
    func head() throws(CommitFailure) -> JournalHead {
        do throws(PostgreSQLError) {
            guard self.rowCount == 1, let hash = EntryHash(self.bytes(0, 1)) else {
                throw .damaged("the table head has not its one row")
            }
            return JournalHead(sequence: UInt64(clamping: try self.integer(0, 0)), hash: hash)
        } catch {
            throw .database(error)
        }
    }

    /// All balances, whose debits and credits are equal in every currency.
    func sheet() throws(CommitFailure) -> BalanceSheet {
        var sheet = BalanceSheet()
        do throws(PostgreSQLError) {
            for row in 0..<self.rowCount {
                guard let currency = Currency(recorded: self.text(row, 0)),
                    let account = try? Account(name: self.text(row, 1))
                else { throw .damaged("a balance is that of no account") }
                sheet.restore(try self.balance(row, 2), of: account, in: currency)
            }
        } catch {
            throw .database(error)
        }
        guard sheet.isBalanced else { throw .damaged("debits and credits differ") }
        return sheet
    }

    /// Debits and credits, in two columns.
    func balance(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Balance {
        Balance(
            debits: try self.integer(row, column),
            credits: try self.integer(row, column + 1)
        )
    }
}
