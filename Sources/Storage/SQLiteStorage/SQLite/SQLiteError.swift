internal import CSQLite
import Domain
import StorageCore

/// What SQLite could not do: its extended result code, its words, and what it was asked.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A result code, as SQLite's manual lists them.
    package let code: Int32
    package let message: String
    /// The file of the database, if one was open.
    private let path: String?

    init(code: Int32, message: String, path: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
    }

    /// What `database` says of its last error, while it did `action`.
    init(_ code: Int32, of database: OpaquePointer?, _ action: String) {
        let words =
            code == Self.damagedPage
            ? DamagedPage.sentence : unsafe String(cString: sqlite3_errmsg(database))
        let path = unsafe database.flatMap { unsafe sqlite3_db_filename($0, "main") }.map {
            unsafe String(cString: $0)
        }
        self.init(code: code, message: "\(words): \(action.prefix(60))", path: path)
    }

    package var description: String { "\(self.message) (SQLite code \(self.code))" }

    /// The code without what refines it.
    var primary: Int32 { self.code & 0xFF }

    /// What it means for a write that was not committed.
    var beforeCommit: JournalError {
        switch self.primary {
        case SQLITE_FULL: self.full
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt(reason: self.description)
        default: self.isDamagedPage ? .corrupt(reason: self.description) : .unavailable
        }
    }

    /// What it means for a write while it was committed: where the device failed, nobody knows.
    var whileCommitting: JournalError {
        self.primary == SQLITE_FULL ? self.full : .outcomeUnknown
    }

    private var full: JournalError {
        .full(reason: "\(self.path ?? "its file"): the disk is full (SQLite code \(self.code))")
    }

    /// What it means for somebody who wants to open the file at `path`.
    func whileOpening(_ path: String) -> JournalOpenError {
        let reason = "\(self.path ?? path): \(self.message) (SQLite code \(self.code))"
        switch self.primary {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY:
            return .refused(reason: reason)
        default:
            return self.isDamagedPage ? .refused(reason: reason) : .unavailable(reason: reason)
        }
    }

    /// The file holds what no ledger could have written.
    static func damaged(_ message: String) -> SQLiteError {
        SQLiteError(code: SQLITE_CORRUPT, message: message)
    }

    /// `SQLITE_IOERR_DATA`: a page is not what was written.
    static let damagedPage = SQLITE_IOERR | (32 << 8)

    private var isDamagedPage: Bool { self.code == Self.damagedPage }
}
