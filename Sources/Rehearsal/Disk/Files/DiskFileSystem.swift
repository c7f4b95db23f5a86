internal import CSQLite
import Synchronization

/// The file-system operations that SQLite calls, on simulated disks.
///
/// The file system is SQLite's default one, because SQLite asks the default one for randomness.
/// That randomness salts the log; nothing that a run can observe depends on it.
@safe
enum DiskFileSystem {
    /// The bound on a file name, in bytes.
    private static let nameByteCountMax: Int32 = 512

    /// Registers a file system under the name of `slot`; it is never removed.
    static func register(_ slot: MountSlot) {
        let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        unsafe system.initialize(to: sqlite3_vfs())
        unsafe system.pointee.iVersion = 2
        unsafe system.pointee.szOsFile = Int32(DiskFileMethods.byteCount)
        unsafe system.pointee.mxPathname = Self.nameByteCountMax
        unsafe system.pointee.zName = Self.copy(of: slot.name)
        unsafe system.pointee.pAppData = Unmanaged.passRetained(slot).toOpaque()
        unsafe self.fillFiles(&system.pointee)
        unsafe self.fillWorld(&system.pointee)
        let code = unsafe sqlite3_vfs_register(system, 1)
        precondition(code == SQLITE_OK, "SQLite registers a file system while it has memory.")
    }

    private static func copy(of text: String) -> UnsafePointer<CChar> {
        let bytes = Array(text.utf8CString)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        unsafe copy.initialize(from: bytes, count: bytes.count)
        return unsafe UnsafePointer(copy)
    }

    private static func opening(_ system: UnsafeMutablePointer<sqlite3_vfs>?) -> DiskOpening? {
        guard let slot = unsafe system?.pointee.pAppData else { return nil }
        return unsafe Unmanaged<MountSlot>.fromOpaque(slot).takeUnretainedValue().opening
            .withLock { $0 }
    }

    private static func open(
        _ opening: DiskOpening?,
        _ name: UnsafePointer<CChar>?,
        _ memory: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32
    ) -> Int32 {
        unsafe memory?.pointee.pMethods = nil
        guard let opening, let memory = unsafe memory else { return SQLITE_CANTOPEN }
        let path = unsafe name.map { unsafe String(cString: $0) } ?? "unnamed"
        let deletes = flags & SQLITE_OPEN_DELETEONCLOSE != 0
        return DiskCode.of(SQLITE_CANTOPEN) { () throws(DiskFailure) in
            let exists = try opening.exists(path)
            guard exists || flags & SQLITE_OPEN_CREATE != 0 else { throw .failed }
            try opening.create(path)
            let file = DiskFile(opening, path, deletesOnClose: deletes)
            unsafe DiskFileMethods.open(file, in: memory)
        }
    }

    private static func fillFiles(_ system: inout sqlite3_vfs) {
        unsafe system.xOpen = { system, name, memory, flags, outFlags in
            unsafe outFlags?.pointee = flags
            return unsafe DiskFileSystem.open(
                DiskFileSystem.opening(system),
                name,
                memory,
                flags
            )
        }
        unsafe system.xDelete = { system, name, _ in
            let opening = unsafe DiskFileSystem.opening(system)
            guard let opening, let name = unsafe name else { return SQLITE_IOERR }
            let path = unsafe String(cString: name)
            return DiskCode.of(DiskCode.delete) { () throws(DiskFailure) in
                try opening.delete(path)
            }
        }
        unsafe system.xAccess = { system, name, _, result in
            let opening = unsafe DiskFileSystem.opening(system)
            guard let opening, let name = unsafe name else { return SQLITE_IOERR }
            let path = unsafe String(cString: name)
            return DiskCode.of(DiskCode.access) { () throws(DiskFailure) in
                let exists = try opening.exists(path)
                unsafe result?.pointee = exists ? 1 : 0
            }
        }
        unsafe system.xFullPathname = { _, name, count, out in
            guard let name = unsafe name, let out = unsafe out else { return SQLITE_CANTOPEN }
            let bytes = unsafe Array(String(cString: name).utf8CString)
            guard bytes.count <= Int(count) else { return SQLITE_CANTOPEN }
            unsafe out.update(from: bytes, count: bytes.count)
            return SQLITE_OK
        }
    }

    /// Fills in the clock, sleep and randomness: the time is fixed, nothing sleeps, and the random
    /// bytes are always the same.
    private static func fillWorld(_ system: inout sqlite3_vfs) {
        unsafe system.xRandomness = { _, count, out in
            for index in 0..<Int(count) {
                unsafe out?[index] = CChar(truncatingIfNeeded: index * 37 + 11)
            }
            return count
        }
        unsafe system.xSleep = { _, microseconds in microseconds }
        unsafe system.xCurrentTime = { _, out in
            unsafe out?.pointee = 2_462_502.5
            return SQLITE_OK
        }
        unsafe system.xCurrentTimeInt64 = { _, out in
            unsafe out?.pointee = 212_760_216_000_000
            return SQLITE_OK
        }
        unsafe system.xGetLastError = { _, _, _ in 0 }
    }
}
