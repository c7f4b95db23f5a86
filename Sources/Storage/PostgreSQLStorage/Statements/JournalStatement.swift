import StorageCore

/// Every statement that a connection prepares; its name on the server is the raw value.
enum JournalStatement: String, CaseIterable {
    case begin, commit, rollback
    case lockHead, allBalances, capturesByID, refundsByID, tailsOfPayments
    case insertEntries, writeBalances, moveHead
    case entriesOfPayment, entriesAfter, movementsAfter, balanceOfAccount

    private static let columns = EntryRow.columns.joined(separator: ", ")

    private static let entry = "SELECT \(columns) FROM entries"

    /// The payments whose ids are in `$1`, and those that refunds with ids in `$2` belong to.
    private static let payments = """
        SELECT unnest($1::text[]) AS id
        UNION SELECT payment_id FROM entries WHERE refund_id = ANY ($2::text[])
        """

    var sql: String {
        switch self {
        // Whatever the database's default is: with the head locked, every statement sees what was
        // committed before. Engines that know only stricter levels take one of those.
        case .begin: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .lockHead: "SELECT sequence, hash FROM head WHERE id = 1 FOR UPDATE"
        case .allBalances: "SELECT currency, account, debits, credits FROM balances"
        case .capturesByID:
            "\(Self.entry) WHERE ordinal = 0 AND payment_id = ANY (ARRAY(\(Self.payments)))"
        case .refundsByID: "\(Self.entry) WHERE refund_id = ANY ($1::text[])"
        case .tailsOfPayments:
            """
            SELECT tail.* FROM (\(Self.payments)) AS asked CROSS JOIN LATERAL (
                \(Self.entry) WHERE payment_id = asked.id ORDER BY ordinal DESC LIMIT 1
            ) AS tail
            """
        case .insertEntries:
            "INSERT INTO entries (\(Self.columns)) SELECT * FROM unnest(\(EntryRow.arrays))"
        case .writeBalances:
            """
            INSERT INTO balances (currency, account, debits, credits)
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
            ON CONFLICT (currency, account)
            DO UPDATE SET debits = excluded.debits, credits = excluded.credits
            """
        case .moveHead: "UPDATE head SET sequence = $1::bigint, hash = $2::bytea WHERE id = 1"
        case .entriesOfPayment: "\(Self.entry) WHERE payment_id = $1::text ORDER BY ordinal"
        case .entriesAfter:
            "\(Self.entry) WHERE sequence > $1::bigint ORDER BY sequence LIMIT $2::bigint"
        case .movementsAfter:
            """
            SELECT sequence, coalesce(refund_id, payment_id),
                CASE WHEN ordinal = 0 THEN amount ELSE -amount END, currency
            FROM entries WHERE sequence > $1::bigint ORDER BY sequence LIMIT $2::bigint
            """
        case .balanceOfAccount:
            """
            SELECT debits, credits FROM balances
            WHERE currency = $1::text AND account = $2::text
            """
        }
    }
}
