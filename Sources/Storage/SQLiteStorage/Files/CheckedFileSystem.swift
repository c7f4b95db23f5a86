internal import CSQLite
import Synchronization

/// A file system for SQLite over another one, which checks every page of a database as it is read.
///
/// SQLite itself believes what the device gives it. Here each page ends in a checksum: it is made
/// when the page is written, and a page that is not what was written is `SQLITE_IOERR_DATA`. Other
/// files pass through: the log has checksums of SQLite's own.
///
/// The file systems are registered once for each one below, and live as long as the process.
@safe
enum CheckedFileSystem {
    private static let registered = Mutex<[String: String]>([:])

    /// Registers a file system over the one called `base`.
    ///
    /// - Returns: its name.
    static func name(over base: String) throws(SQLiteError) -> String {
        let (name, error) = self.registered.withLock { names -> (String, SQLiteError?) in
            if let name = names[base] { return (name, nil) }
            let name = "checked-\(base)"
            if let error = self.register(name, over: base) { return (name, error) }
            names[base] = name
            return (name, nil)
        }
        if let error { throw error }
        return name
    }

    private static func register(_ name: String, over base: String) -> SQLiteError? {
        guard let below = unsafe sqlite3_vfs_find(base) else {
            return SQLiteError(code: SQLITE_NOTFOUND, message: "no file system called \(base)")
        }
        let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        unsafe system.initialize(to: self.forwarding(to: below))
        unsafe system.pointee.zName = unsafe self.copy(of: name)
        let code = unsafe sqlite3_vfs_register(system, 0)
        return code == SQLITE_OK ? nil : SQLiteError(code: code, message: "cannot register \(name)")
    }

    private static func copy(of text: String) -> UnsafePointer<CChar> {
        let bytes = Array(text.utf8CString)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        unsafe copy.initialize(from: bytes, count: bytes.count)
        return unsafe UnsafePointer(copy)
    }

    private static func forwarding(to below: UnsafeMutablePointer<sqlite3_vfs>) -> sqlite3_vfs {
        var system = unsafe sqlite3_vfs()
        unsafe system.iVersion = 2
        unsafe system.szOsFile = Int32(CheckedFile.headByteCount) + below.pointee.szOsFile
        unsafe system.mxPathname = below.pointee.mxPathname
        unsafe system.pAppData = UnsafeMutableRawPointer(below)
        unsafe system.xOpen = { system, name, file, flags, outFlags in
            unsafe CheckedFile.open(lower(system), name, file, flags, outFlags)
        }
        unsafe system.xDelete = { system, name, syncs in
            let below = unsafe lower(system)
            return unsafe below.pointee.xDelete(below, name, syncs)
        }
        unsafe system.xAccess = { system, name, flags, result in
            let below = unsafe lower(system)
            return unsafe below.pointee.xAccess(below, name, flags, result)
        }
        unsafe system.xFullPathname = { system, name, count, out in
            let below = unsafe lower(system)
            return unsafe below.pointee.xFullPathname(below, name, count, out)
        }
        unsafe system.xRandomness = { system, count, out in
            let below = unsafe lower(system)
            return unsafe below.pointee.xRandomness(below, count, out)
        }
        unsafe system.xSleep = { system, microseconds in
            let below = unsafe lower(system)
            return unsafe below.pointee.xSleep(below, microseconds)
        }
        unsafe system.xCurrentTime = { system, out in
            let below = unsafe lower(system)
            return unsafe below.pointee.xCurrentTime(below, out)
        }
        unsafe system.xCurrentTimeInt64 = { system, out in
            let below = unsafe lower(system)
            return unsafe below.pointee.xCurrentTimeInt64(below, out)
        }
        unsafe system.xGetLastError = { system, count, out in
            let below = unsafe lower(system)
            return unsafe below.pointee.xGetLastError?(below, count, out) ?? 0
        }
        return unsafe system
    }
}

/// The file system that a checking one stands on.
private func lower(
    _ system: UnsafeMutablePointer<sqlite3_vfs>?
) -> UnsafeMutablePointer<sqlite3_vfs> {
    guard let below = unsafe system?.pointee.pAppData else {
        preconditionFailure("SQLite calls a file system with itself.")
    }
    return unsafe below.assumingMemoryBound(to: sqlite3_vfs.self)
}
