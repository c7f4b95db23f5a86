import StorageCore

extension EntryRow {
    static let columnList = Self.columns.joined(separator: ", ")

    /// Binds every column to its parameter.
    func bind(to statement: borrowing SQLiteStatement) throws(SQLiteError) {
        try statement.bind(1, Int64(clamping: self.sequence))
        try statement.bind(2, self.recordedAt)
        try statement.bind(3, self.paymentID)
        try statement.bind(4, self.ordinal)
        try statement.bind(5, self.refundID)
        try statement.bind(6, self.debit)
        try statement.bind(7, self.credit)
        try statement.bind(8, self.amount)
        try statement.bind(9, self.currency)
        try statement.bind(10, self.remaining)
        try statement.bind(11, self.subject)
        try statement.bind(12, self.orderID)
        try statement.bind(13, self.requested)
        try statement.bind(14, self.reason)
        try statement.bind(15, self.previous)
        try statement.bind(16, self.hash)
    }

    /// The current row of `statement`, which must select ``columnList``.
    init(_ statement: borrowing SQLiteStatement) {
        self.init(
            sequence: UInt64(clamping: statement.integer(0)),
            recordedAt: statement.integer(1),
            paymentID: statement.text(2),
            ordinal: statement.integer(3),
            refundID: statement.isNull(4) ? nil : statement.text(4),
            debit: statement.text(5),
            credit: statement.text(6),
            amount: statement.integer(7),
            currency: statement.text(8),
            remaining: statement.integer(9),
            subject: statement.text(10),
            orderID: statement.isNull(11) ? nil : statement.text(11),
            requested: statement.isNull(12) ? nil : statement.integer(12),
            reason: statement.isNull(13) ? nil : statement.text(13),
            previous: statement.bytes(14),
            hash: statement.bytes(15)
        )
    }
}
