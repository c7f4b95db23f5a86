internal import CSQLite

/// A small file beside the journal that says how far it was durable, at least.
///
/// SQLite's log is cut at the first frame that is damaged, and nobody is told. The mark is written
/// after each commit and never waits for the disk: what it says was durable before, so a journal
/// that ends sooner has lost entries. After a power cut it may say less than there is.
///
/// The bytes are the number of the last entry, the highest first, and the complement of each.
@safe
final class MarkFile {
    private let file: UnsafeMutablePointer<sqlite3_file>
    private let path: UnsafeMutablePointer<CChar>

    static let byteCount = 16

    /// Opens the file at `path` by the file system called `vfs`; `makes` it when there is none.
    init(_ path: String, vfs: String, makes: Bool = true) throws(SQLiteError) {
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
        let create = makes ? SQLITE_OPEN_CREATE : 0
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_SUPER_JOURNAL | create
        let code = unsafe system.pointee.xOpen(system, self.path, self.file, flags, nil)
        guard code == SQLITE_OK else {
            throw SQLiteError(code: code, message: "cannot open \(path)")
        }
    }

    deinit {
        _ = unsafe file.pointee.pMethods?.pointee.xClose(file)
        unsafe UnsafeMutableRawPointer(file).deallocate()
        unsafe path.deallocate()
    }

    enum Reading: Equatable {
        /// Nothing was ever noted.
        case nothing
        case sequence(UInt64)
        /// The bytes are none that were written.
        case damaged
    }

    func read() throws(SQLiteError) -> Reading {
        var size: Int64 = 0
        try self.check(
            unsafe self.file.pointee.pMethods.pointee.xFileSize(self.file, &size),
            "size"
        )
        if size == 0 { return .nothing }
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        let code = unsafe self.file.pointee.pMethods.pointee
            .xRead(self.file, &bytes, Int32(Self.byteCount), 0)
        if code == SQLITE_IOERR | (2 << 8) { return .damaged }
        try self.check(code, "read")
        let pairs = zip(bytes.prefix(8), bytes.suffix(8))
        guard size == Self.byteCount, pairs.allSatisfy({ $0 == ~$1 }) else { return .damaged }
        return .sequence(bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Notes that everything up to `sequence` is durable; a note that fails is made up for by the
    /// next one.
    func write(_ sequence: UInt64) {
        let number = stride(from: 56, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: sequence >> UInt64($0))
        }
        let bytes = number + number.map(~)
        _ = unsafe self.file.pointee.pMethods.pointee
            .xWrite(self.file, bytes, Int32(bytes.count), 0)
    }

    private func check(_ code: Int32, _ action: String) throws(SQLiteError) {
        guard code == SQLITE_OK else {
            throw SQLiteError(code: code, message: "cannot \(action) the mark")
        }
    }
}
