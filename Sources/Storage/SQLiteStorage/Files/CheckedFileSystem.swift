internal import CSQLite
import Synchronization

/// An SQLite file system over another one, which verifies every database page on read.
///
/// SQLite itself trusts the device. Here each page ends in a checksum, computed on write; a page
/// with a wrong checksum reads as `SQLITE_IOERR_DATA`. Other files pass through: the log has
/// checksums of its own.
///
/// Each base file system is wrapped and registered once, for the lifetime of the process.
@safe
enum CheckedFileSystem {
    private static let registered = Mutex<[String: String]>([:])

    /// Registers a checking file system over the one called `base`, unless it exists.
    ///
    /// - Returns: The new file system's name.
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

/// The base file system under a checking one.
private func lower(
    _ system: UnsafeMutablePointer<sqlite3_vfs>?
) -> UnsafeMutablePointer<sqlite3_vfs> {
    guard let below = unsafe system?.pointee.pAppData else {
        preconditionFailure("SQLite calls a file system with itself.")
    }
    return unsafe below.assumingMemoryBound(to: sqlite3_vfs.self)
}
