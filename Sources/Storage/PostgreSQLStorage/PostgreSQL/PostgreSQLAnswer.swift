internal import CPostgreSQL

/// The one owner of a `PGresult`: what the server answered to one request, in binary.
@safe
final class PostgreSQLAnswer {
    private let pointer: OpaquePointer
    /// A warning that came with it; what was done may be less than it says.
    let warning: String?

    init(owning pointer: OpaquePointer, warning: String? = nil) {
        unsafe self.pointer = pointer
        self.warning = warning
    }

    deinit { unsafe PQclear(self.pointer) }

    enum Kind {
        /// It was done; there may be rows.
        case done
        /// It was skipped, because one before it failed.
        case skipped
        /// Everything up to here was answered.
        case synchronized
        /// It failed; the code is empty when it is libpq that speaks.
        case failed(state: String, message: String)
    }

    var kind: Kind {
        switch unsafe PQresultStatus(self.pointer) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK: .done
        case PGRES_PIPELINE_SYNC: .synchronized
        case PGRES_PIPELINE_ABORTED: .skipped
        default:
            .failed(
                state: self.field(UInt8(ascii: "C")),
                message: self.field(UInt8(ascii: "M"))
            )
        }
    }

    var rowCount: Int { Int(unsafe PQntuples(self.pointer)) }

    /// What was done, such as `COMMIT`.
    var command: String {
        guard let text = unsafe PQcmdStatus(self.pointer) else { return "" }
        return unsafe String(cString: text)
    }

    func isNull(_ row: Int, _ column: Int) -> Bool {
        unsafe PQgetisnull(self.pointer, Int32(row), Int32(column)) == 1
    }

    /// A `bigint`.
    func integer(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Int64 {
        let bytes = self.bytes(row, column)
        guard bytes.count == 8 else {
            throw .damaged("column \(column + 1) has \(bytes.count) bytes: it is no bigint")
        }
        return Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    func text(_ row: Int, _ column: Int) -> String {
        String(decoding: self.bytes(row, column), as: UTF8.self)
    }

    /// Empty when there is no such row.
    func bytes(_ row: Int, _ column: Int) -> [UInt8] {
        let (row, column) = (Int32(row), Int32(column))
        guard let start = unsafe PQgetvalue(self.pointer, row, column) else { return [] }
        let count = Int(unsafe PQgetlength(self.pointer, row, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A part of a report of an error (`PG_DIAG_…`).
    private func field(_ code: UInt8) -> String {
        guard let text = unsafe PQresultErrorField(self.pointer, Int32(code)) else { return "" }
        return unsafe String(cString: text)
    }
}
