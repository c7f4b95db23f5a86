internal import CSQLite
import Domain
import StorageCore

/// An error of SQLite: its extended result code, its message and the failed operation.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An extended result code of SQLite.
    package let code: Int32
    package let message: String
    /// The database file, if one was open.
    private let path: String?

    init(code: Int32, message: String, path: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
    }

    /// The last error of `database`, raised by `action`.
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

    /// The primary result code.
    var primary: Int32 { self.code & 0xFF }

    /// The error's meaning for a write before its commit.
    var beforeCommit: JournalError {
        switch self.primary {
        case SQLITE_FULL: self.full
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt(reason: self.description)
        default: self.isDamagedPage ? .corrupt(reason: self.description) : .unavailable
        }
    }

    /// The error's meaning during a commit: except for a full disk, the outcome is unknown.
    var whileCommitting: JournalError {
        self.primary == SQLITE_FULL ? self.full : .outcomeUnknown
    }

    private var full: JournalError {
        .full(reason: "\(self.path ?? "its file"): the disk is full (SQLite code \(self.code))")
    }

    /// The error's meaning while opening the file at `path`.
    func whileOpening(_ path: String) -> JournalOpenError {
        let reason = "\(self.path ?? path): \(self.message) (SQLite code \(self.code))"
        switch self.primary {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY:
            return .refused(reason: reason)
        default:
            return self.isDamagedPage ? .refused(reason: reason) : .unavailable(reason: reason)
        }
    }

    /// The file contains data that no ledger could have written.
    static func damaged(_ message: String) -> SQLiteError {
        SQLiteError(code: SQLITE_CORRUPT, message: message)
    }

    /// `SQLITE_IOERR_DATA`: a page has a wrong checksum.
    static let damagedPage = SQLITE_IOERR | (32 << 8)

    private var isDamagedPage: Bool { self.code == Self.damagedPage }
}
