internal import CSQLite

/// Owns a prepared statement, to be bound, stepped and reset repeatedly.
@safe
struct SQLiteStatement: ~Copyable {
    private let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe sqlite3_finalize(pointer) }

    /// Tells SQLite to copy bound values (`SQLITE_TRANSIENT`).
    private static var copied: sqlite3_destructor_type? {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type?.self)
    }

    /// Binds the parameter at `index`, counted from 1.
    func bind(_ index: Int32, _ number: Int64) throws(SQLiteError) {
        try self.check(unsafe sqlite3_bind_int64(self.pointer, index, number))
    }

    func bind(_ index: Int32, _ number: Int64?) throws(SQLiteError) {
        guard let number else { return try self.bindNull(index) }
        try self.bind(index, number)
    }

    func bind(_ index: Int32, _ text: String) throws(SQLiteError) {
        let count = Int32(clamping: text.utf8.count)
        let code = unsafe text.withCString { start in
            unsafe sqlite3_bind_text(self.pointer, index, start, count, Self.copied)
        }
        try self.check(code)
    }

    func bind(_ index: Int32, _ text: String?) throws(SQLiteError) {
        guard let text else { return try self.bindNull(index) }
        try self.bind(index, text)
    }

    func bind(_ index: Int32, _ bytes: [UInt8]) throws(SQLiteError) {
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe sqlite3_bind_blob(
                self.pointer,
                index,
                bytes.baseAddress,
                Int32(clamping: bytes.count),
                Self.copied
            )
        }
        try self.check(code)
    }

    private func bindNull(_ index: Int32) throws(SQLiteError) {
        try self.check(unsafe sqlite3_bind_null(self.pointer, index))
    }

    /// Steps to the next row.
    ///
    /// - Returns: False after the last row.
    func step() throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(self.pointer)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw self.error(code)
        }
    }

    /// Runs to the end and resets.
    func run() throws(SQLiteError) {
        defer { self.reset() }
        while try self.step() {}
    }

    /// Makes the statement ready to run again; keeps the bound values.
    func reset() { unsafe sqlite3_reset(self.pointer) }

    /// The number in a column of the current row, counted from 0.
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(self.pointer, column) }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(self.pointer, column) == SQLITE_NULL
    }

    /// The text in a column; replaces invalid UTF-8 with U+FFFD.
    func text(_ column: Int32) -> String {
        guard let start = unsafe sqlite3_column_text(self.pointer, column) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(self.pointer, column))
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(self.pointer, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(self.pointer, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw self.error(code) }
    }

    private func error(_ code: Int32) -> SQLiteError {
        let database = unsafe sqlite3_db_handle(self.pointer)
        let sql = unsafe sqlite3_sql(self.pointer).map { unsafe String(cString: $0) } ?? ""
        return unsafe SQLiteError(code, of: database, sql)
    }
}
