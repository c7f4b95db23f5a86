import StorageCore

extension EntryRow {
    /// Placeholders for many rows: an array for each column, in the order of ``columns``.
    static let arrays: String = {
        let types = [
            "bigint", "bigint", "text", "bigint", "text", "text", "text", "bigint", "text",
            "bigint", "text", "text", "bigint", "text", "bytea", "bytea",
        ]
        return types.enumerated().map { "$\($0 + 1)::\($1)[]" }.joined(separator: ", ")
    }()

    /// The values of ``arrays``.
    static func parameters(_ rows: [EntryRow]) -> [PostgreSQLParameter] {
        [
            .array(rows.map { Int64(clamping: $0.sequence) }),
            .array(rows.map(\.recordedAt)),
            .array(rows.map(\.paymentID)),
            .array(rows.map(\.ordinal)),
            .array(rows.map(\.refundID)),
            .array(rows.map(\.debit)),
            .array(rows.map(\.credit)),
            .array(rows.map(\.amount)),
            .array(rows.map(\.currency)),
            .array(rows.map(\.remaining)),
            .array(rows.map(\.subject)),
            .array(rows.map(\.orderID)),
            .array(rows.map(\.requested)),
            .array(rows.map(\.reason)),
            .array(rows.map(\.previous)),
            .array(rows.map(\.hash)),
        ]
    }

    /// All rows of an answer with ``columns``.
    static func rows(_ answer: PostgreSQLAnswer) throws(PostgreSQLError) -> [EntryRow] {
        var rows: [EntryRow] = []
        for row in 0..<answer.rowCount { rows.append(try EntryRow(answer, row)) }
        return rows
    }

    private init(_ answer: PostgreSQLAnswer, _ row: Int) throws(PostgreSQLError) {
        self.init(
            sequence: UInt64(clamping: try answer.integer(row, 0)),
            recordedAt: try answer.integer(row, 1),
            paymentID: answer.text(row, 2),
            ordinal: try answer.integer(row, 3),
            refundID: answer.isNull(row, 4) ? nil : answer.text(row, 4),
            debit: answer.text(row, 5),
            credit: answer.text(row, 6),
            amount: try answer.integer(row, 7),
            currency: answer.text(row, 8),
            remaining: try answer.integer(row, 9),
            subject: answer.text(row, 10),
            orderID: answer.isNull(row, 11) ? nil : answer.text(row, 11),
            requested: answer.isNull(row, 12) ? nil : try answer.integer(row, 12),
            reason: answer.isNull(row, 13) ? nil : answer.text(row, 13),
            previous: answer.bytes(row, 14),
            hash: answer.bytes(row, 15)
        )
    }
}
