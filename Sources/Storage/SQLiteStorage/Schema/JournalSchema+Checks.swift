import Domain
import StorageCore

extension JournalSchema {
    /// Selects the first refund that does not follow from the amount remaining before it.
    static let firstBadRefund = """
        SELECT refund.sequence FROM entries AS refund LEFT JOIN entries AS before
            ON before.payment_id = refund.payment_id AND before.ordinal = refund.ordinal - 1
        WHERE refund.ordinal > 0 AND (
            before.remaining IS NULL OR before.currency <> refund.currency
            OR before.remaining <> refund.remaining + refund.amount)
        ORDER BY refund.sequence LIMIT 1
        """

    /// True if the database is empty.
    static func isMissing(in database: borrowing SQLiteDatabase) throws(SQLiteError) -> Bool {
        try database.integer("SELECT count(*) FROM sqlite_schema") == 0
    }

    /// Creates the schema in one transaction.
    static func create(in database: borrowing SQLiteDatabase) throws(SQLiteError) {
        let accounts = Account.all.map { "INSERT INTO accounts VALUES ('\($0.name)')" }
        let numbers = [
            "PRAGMA application_id = \(Self.applicationID)",
            "PRAGMA user_version = \(Self.version)",
        ]
        let all = ["BEGIN IMMEDIATE"] + Self.statements + accounts + numbers + ["COMMIT"]
        try database.execute(all.joined(separator: ";\n"))
    }

    /// - Throws: If the database is not a journal of exactly this version.
    static func check(_ database: borrowing SQLiteDatabase) throws(SQLiteError) {
        guard try database.integer("PRAGMA application_id") == Self.applicationID else {
            throw .damaged("the file is a database of another application; choose another folder")
        }
        let version = try database.integer("PRAGMA user_version")
        guard version == Self.version else {
            throw .damaged(
                "the journal has version \(version), and this program knows up to \(Self.version)"
            )
        }
        let found = try database.texts(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
        )
        guard found == Self.statements else {
            throw .damaged("the tables, or the triggers that guard them, were altered")
        }
        let accounts = try database.texts("SELECT name FROM accounts")
        guard accounts == Account.all.map(\.name).sorted() else {
            throw .damaged("the accounts are not those of a ledger: \(accounts)")
        }
    }
}
