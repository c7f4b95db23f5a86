internal import CPostgreSQL

/// Owns a `PGresult`: the server's answer to a request, in binary format.
@safe
final class PostgreSQLAnswer {
    private let pointer: OpaquePointer
    /// A warning that came with the answer; the effect may be less than the answer claims.
    let warning: String?

    init(owning pointer: OpaquePointer, warning: String? = nil) {
        unsafe self.pointer = pointer
        self.warning = warning
    }

    deinit { unsafe PQclear(self.pointer) }

    enum Kind {
        /// The request succeeded, with or without rows.
        case done
        /// The request was skipped because an earlier one failed.
        case skipped
        /// The end of the pipeline: all requests were answered.
        case synchronized
        /// The request failed; `state` is empty if the error is libpq's.
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

    /// The completed command, such as `COMMIT`.
    var command: String {
        guard let text = unsafe PQcmdStatus(self.pointer) else { return "" }
        return unsafe String(cString: text)
    }

    func isNull(_ row: Int, _ column: Int) -> Bool {
        unsafe PQgetisnull(self.pointer, Int32(row), Int32(column)) == 1
    }

    /// Decodes a `bigint`.
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

    /// The bytes of a column; empty if there is no such row.
    func bytes(_ row: Int, _ column: Int) -> [UInt8] {
        let (row, column) = (Int32(row), Int32(column))
        guard let start = unsafe PQgetvalue(self.pointer, row, column) else { return [] }
        let count = Int(unsafe PQgetlength(self.pointer, row, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A field of an error report (`PG_DIAG_…`).
    private func field(_ code: UInt8) -> String {
        guard let text = unsafe PQresultErrorField(self.pointer, Int32(code)) else { return "" }
        return unsafe String(cString: text)
    }
}
