internal import CSQLite

/// Owns a file opened directly on one of SQLite's file systems.
@safe
final class RawFile {
    private let file: UnsafeMutablePointer<sqlite3_file>
    private let path: UnsafeMutablePointer<CChar>
    private let name: String

    /// Opens the file at `path` on the file system `vfs`; creates it if `makes` is true.
    init(_ path: String, vfs: String, makes: Bool) throws(SQLiteError) {
        guard let system = unsafe sqlite3_vfs_find(vfs) else {
            throw SQLiteError(code: SQLITE_NOTFOUND, message: "no file system called \(vfs)")
        }
        let size = Int(unsafe system.pointee.szOsFile)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        let bytes = Array(path.utf8CString)
        unsafe self.path = .allocate(capacity: bytes.count)
        unsafe self.path.initialize(from: bytes, count: bytes.count)
        unsafe self.file = memory.bindMemory(to: sqlite3_file.self, capacity: 1)
        self.name = path
        let create = makes ? SQLITE_OPEN_CREATE : 0
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_SUPER_JOURNAL | create
        let code = unsafe system.pointee.xOpen(system, self.path, self.file, flags, nil)
        try self.check(code, "open")
    }

    deinit {
        _ = unsafe file.pointee.pMethods?.pointee.xClose(file)
        unsafe UnsafeMutableRawPointer(file).deallocate()
        unsafe path.deallocate()
    }

    func size() throws(SQLiteError) -> Int {
        var size: Int64 = 0
        try self.check(
            unsafe self.file.pointee.pMethods.pointee.xFileSize(self.file, &size),
            "ask the size of"
        )
        return Int(size)
    }

    /// Reads `count` bytes at `offset`; nil if the file ends earlier.
    func read(_ count: Int, at offset: Int) throws(SQLiteError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let code = unsafe self.file.pointee.pMethods.pointee
            .xRead(self.file, &bytes, Int32(count), Int64(offset))
        // SQLITE_IOERR_SHORT_READ
        if code == SQLITE_IOERR | (2 << 8) { return nil }
        try self.check(code, "read")
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(SQLiteError) {
        let code = unsafe self.file.pointee.pMethods.pointee
            .xWrite(self.file, bytes, Int32(bytes.count), Int64(offset))
        try self.check(code, "write")
    }

    func sync() throws(SQLiteError) {
        let code = unsafe self.file.pointee.pMethods.pointee
            .xSync(self.file, SQLITE_SYNC_NORMAL)
        try self.check(code, "sync")
    }

    private func check(_ code: Int32, _ action: String) throws(SQLiteError) {
        guard code == SQLITE_OK else {
            throw SQLiteError(code: code, message: "cannot \(action) \(self.name)")
        }
    }
}
