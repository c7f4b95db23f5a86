internal import CSQLite
import Synchronization

/// A file that SQLite has open.
final class DiskFile: Sendable {
    let opening: DiskOpening
    let name: String
    /// The connection's number in the lock table.
    let handle: Int
    private let deletesOnClose: Bool

    private static let handles = Atomic(0)

    init(_ opening: DiskOpening, _ name: String, deletesOnClose: Bool) {
        self.opening = opening
        self.name = name
        self.deletesOnClose = deletesOnClose
        self.handle = Self.handles.add(1, ordering: .relaxed).newValue
    }

    func close() {
        _ = try? self.opening.lock { locks in
            locks.release(self.name, self.handle)
            return true
        }
        if self.deletesOnClose { try? self.opening.delete(self.name) }
    }
}

/// The result codes for SQLite.
enum DiskCode {
    /// The file ends before the bytes that SQLite asked for.
    static let shortRead = SQLITE_IOERR | (2 << 8)

    /// Runs `action`, and turns its error into a code; `failure` is the code of a failing device.
    static func of(
        _ failure: Int32,
        _ action: () throws(DiskFailure) -> Void
    ) -> Int32 {
        do throws(DiskFailure) {
            try action()
            return SQLITE_OK
        } catch {
            return error == .full ? SQLITE_FULL : failure
        }
    }

    static let read = SQLITE_IOERR | (1 << 8)
    static let write = SQLITE_IOERR | (3 << 8)
    static let sync = SQLITE_IOERR | (4 << 8)
    static let truncate = SQLITE_IOERR | (6 << 8)
    static let size = SQLITE_IOERR | (7 << 8)
    static let delete = SQLITE_IOERR | (10 << 8)
    static let access = SQLITE_IOERR | (13 << 8)
    static let lock = SQLITE_IOERR | (15 << 8)
    static let memory = SQLITE_IOERR | (19 << 8)
}
