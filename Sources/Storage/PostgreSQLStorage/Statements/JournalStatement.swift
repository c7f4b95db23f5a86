import StorageCore

/// The prepared statements of a connection; the raw value is the name on the server.
enum JournalStatement: String, CaseIterable {
    case begin, setDurability, commit, rollback, standbys
    case lockJournal, heads, bookedSince, capturesByID, refundsByID, tailsOfPayments
    case insertEntries, writeCheckpoint
    case entriesOfPayment, entriesAfter, movementsAfter, balanceOfAccount, acceptedLoss

    private static let columns = EntryRow.columns.joined(separator: ", ")

    private static let entry = "SELECT \(columns) FROM entries"

    /// Selects the payments with ids in `$1`, and those of the refunds with ids in `$2`.
    private static let payments = """
        SELECT unnest($1::text[]) AS id
        UNION SELECT payment_id FROM entries WHERE refund_id = ANY ($2::text[])
        """

    var sql: String {
        switch self {
        // Independent of the database's default: with the head locked, every statement sees earlier
        // commits. Engines that know only stricter levels use one of those.
        case .begin: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .setDurability: PostgreSQLLimits.durability(isLocal: true)
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .standbys: "SELECT current_setting('synchronous_standby_names', true)"
        case .lockJournal: "SELECT id FROM journal WHERE id = 1 FOR UPDATE"
        // The entry that this connection knows, and the last one.
        case .heads:
            """
            (SELECT sequence, hash FROM entries WHERE sequence = $1::bigint)
            UNION ALL (SELECT sequence, hash FROM head)
            """
        // Bookings after the known entry or the last checkpoint, whichever is later. After a
        // checkpoint these are all balances, with the checkpoint's sequence.
        case .bookedSince:
            """
            SELECT base.checkpoint, parts.currency, parts.account,
                sum(parts.debits)::bigint, sum(parts.credits)::bigint
            FROM (
                SELECT coalesce(max(sequence), 0) AS checkpoint FROM checkpoints
            ) AS base CROSS JOIN LATERAL (
                SELECT currency, account, debits, credits FROM checkpoints
                WHERE sequence = base.checkpoint AND base.checkpoint > $1::bigint
                UNION ALL
                SELECT currency, account, debited, credited FROM postings
                WHERE sequence > greatest(base.checkpoint, $1::bigint)
            ) AS parts
            GROUP BY base.checkpoint, parts.currency, parts.account
            """
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
        case .writeCheckpoint:
            """
            INSERT INTO checkpoints (sequence, currency, account, debits, credits)
            SELECT $1::bigint, currency, account, debits, credits FROM balances
            """
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
        case .acceptedLoss:
            "SELECT sequence FROM losses WHERE sequence = $1::bigint AND hash = $2::bytea"
        }
    }
}
