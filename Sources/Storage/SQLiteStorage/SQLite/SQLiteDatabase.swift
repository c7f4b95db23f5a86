internal import CSQLite

/// Owns a `sqlite3` connection.
///
/// Opened without SQLite's mutex: must be used by one thread at a time. Closing is deferred until
/// the last prepared statement is finalized (`sqlite3_close_v2`).
@safe
struct SQLiteDatabase: ~Copyable {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe sqlite3_close_v2(pointer) }

    enum Access {
        case writing
        /// Changes no data, but takes part in SQLite's locks.
        case reading
    }

    /// Opens the file at `path` on the file system registered as `vfs`.
    static func open(
        _ path: String,
        _ access: Access,
        vfs: String
    ) throws(SQLiteError) -> SQLiteDatabase {
        let create = access == .writing ? SQLITE_OPEN_CREATE : 0
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | create
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags, vfs)
        guard let pointer = unsafe opened else {
            throw SQLiteError(code: code, message: "no memory to open \(path)")
        }
        let database = unsafe SQLiteDatabase(owning: pointer)
        guard code == SQLITE_OK else { throw database.error(code, "open \(path)") }
        return database
    }

    /// True if the file or folder exists and is writable.
    static func isWritable(_ path: String, vfs: String) -> Bool {
        guard let system = unsafe sqlite3_vfs_find(vfs) else { return false }
        var result: Int32 = 0
        let code = unsafe system.pointee.xAccess(system, path, SQLITE_ACCESS_READWRITE, &result)
        return code == SQLITE_OK && result != 0
    }

    /// Runs statements and discards their rows.
    func execute(_ sql: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(self.pointer, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw self.error(code, sql) }
    }

    /// The first number of the first row; 0 without rows.
    func integer(_ sql: String) throws(SQLiteError) -> Int64 {
        let statement = try self.prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The first column of every row.
    func texts(_ sql: String) throws(SQLiteError) -> [String] {
        let statement = try self.prepare(sql)
        var texts: [String] = []
        while try statement.step() { texts.append(statement.text(0)) }
        return texts
    }

    /// Reserves bytes at the end of every page, in a database that is about to be created.
    func reserve(_ bytes: Int) throws(SQLiteError) {
        var count = Int32(clamping: bytes)
        let code = unsafe sqlite3_file_control(
            self.pointer,
            "main",
            SQLITE_FCNTL_RESERVE_BYTES,
            &count
        )
        guard code == SQLITE_OK else { throw self.error(code, "reserve bytes") }
    }

    /// Copies the whole database, at one moment, into `target`.
    func copy(to target: borrowing SQLiteDatabase) throws(SQLiteError) {
        let backup = unsafe sqlite3_backup_init(target.pointer, "main", self.pointer, "main")
        guard let backup = unsafe backup else { throw target.error(SQLITE_ERROR, "begin a copy") }
        // All pages in one step: a concurrent write between steps would restart the copy.
        let stepped = unsafe sqlite3_backup_step(backup, -1)
        let finished = unsafe sqlite3_backup_finish(backup)
        guard stepped == SQLITE_DONE, finished == SQLITE_OK else {
            throw target.error(finished == SQLITE_OK ? stepped : finished, "copy")
        }
    }

    /// Keeps the log when the last connection closes.
    ///
    /// By default SQLite copies the readable part of the log into the database and deletes the log.
    /// For a damaged log, that would destroy what can still be recovered.
    func keepLogOnClose() throws(SQLiteError) {
        let code = unsafe florin_sqlite3_keep_log_on_close(self.pointer)
        guard code == SQLITE_OK else { throw self.error(code, "keep the log") }
    }

    /// Compiles a statement for repeated use.
    func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var prepared: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = unsafe sqlite3_prepare_v3(self.pointer, sql, -1, flags, &prepared, nil)
        guard code == SQLITE_OK, let pointer = unsafe prepared else {
            throw self.error(code, sql)
        }
        return unsafe SQLiteStatement(owning: pointer)
    }

    /// True inside a transaction; SQLite ends it by itself after some errors.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(self.pointer) == 0 }

    /// - Throws: `SQLITE_READONLY_DBMOVED` if the database file was moved or removed while open.
    func checkPresence() throws(SQLiteError) {
        var hasMoved: Int32 = 0
        // Simulated file systems do not implement this control.
        let code = unsafe sqlite3_file_control(
            self.pointer,
            "main",
            SQLITE_FCNTL_HAS_MOVED,
            &hasMoved
        )
        guard code == SQLITE_OK, hasMoved != 0 else { return }
        throw SQLiteError(
            code: SQLITE_READONLY | (4 << 8),
            message: "the file was moved or removed while its ledger worked; put it back"
        )
    }

    private func error(_ code: Int32, _ action: String) -> SQLiteError {
        unsafe SQLiteError(code, of: self.pointer, action)
    }
}
