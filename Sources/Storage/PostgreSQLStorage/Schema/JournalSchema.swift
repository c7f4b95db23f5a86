import Domain

/// The tables of a journal in the first schema of the search path, and the rules that the database
/// enforces.
///
/// `entries` is the journal: one row an entry, immutable, numbered without gaps, linked by hash.
/// `ordinal` is 0 for a capture and numbers the refunds of a payment. `remaining` is the amount
/// still refundable after the entry, so that no two rows can refund the same money. Everything else
/// follows from `entries`; see version 2.
enum JournalSchema {
    /// "FLRN": the number of the advisory lock for migrations.
    static let lockNumber = 0x464C_524E

    /// The application name in `journal`; other tables of that name are refused.
    static let application = "florin-journal"

    /// The statements that migrate from version n to n + 1, at index n; released ones never change.
    static func migrations(in schema: String) -> [[String]] {
        [self.first, self.second, self.pinned(schema)]
    }

    /// The version in `journal`; later ones are refused.
    static let version = Int64(migrations(in: "").count)

    static let accounts = Account.all.map { "'\($0.name)'" }.joined(separator: ", ")

    /// The hash before the first entry.
    private static let genesis = "decode(repeat('00', 32), 'hex')"

    private static let first =
        tables
        + EntryGuard.ofEntries.flatMap { [$0.function(genesis: genesis), $0.trigger] }

    /// A trigger that raises an error if `condition` holds, with its function.
    static func guardStatements(
        _ name: String,
        on event: String,
        refuses condition: String,
        because rule: String
    ) -> [String] {
        [
            """
            CREATE FUNCTION \(name)() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (\(condition)) THEN RAISE EXCEPTION '\(rule)'; END IF;
                RETURN NEW;
            END
            $$
            """,
            "CREATE TRIGGER \(name) \(event) EXECUTE FUNCTION \(name)()",
        ]
    }

    /// Binds the guards to the tables in `schema`, independent of the session's search path, and
    /// enables them for every `session_replication_role`.
    static func pinned(_ schema: String) -> [String] {
        EntryGuard.all.flatMap {
            [$0.function(in: schema, genesis: self.genesis), $0.alwaysAtWork]
        }
    }

    private static let tables = [
        """
        CREATE TABLE journal (
            id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
            application TEXT NOT NULL,
            version BIGINT NOT NULL
        )
        """,
        "INSERT INTO journal (id, application, version) VALUES (1, '\(application)', 0)",
        """
        CREATE TABLE entries (
            sequence BIGINT NOT NULL PRIMARY KEY CHECK (sequence > 0),
            recorded_at BIGINT NOT NULL,
            payment_id TEXT NOT NULL,
            ordinal BIGINT NOT NULL CHECK (ordinal >= 0),
            refund_id TEXT CHECK ((refund_id IS NULL) = (ordinal = 0)),
            debit TEXT NOT NULL CHECK (debit IN (\(accounts))),
            credit TEXT NOT NULL CHECK (credit IN (\(accounts))),
            amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 99999999),
            currency TEXT NOT NULL CHECK (length(currency) = 3),
            remaining BIGINT NOT NULL CHECK (remaining >= 0),
            subject TEXT NOT NULL,
            order_id TEXT,
            requested BIGINT,
            reason TEXT,
            previous BYTEA NOT NULL CHECK (length(previous) = 32),
            hash BYTEA NOT NULL CHECK (length(hash) = 32),
            CHECK (credit <> debit),
            UNIQUE (payment_id, ordinal)
        )
        """,
        "CREATE UNIQUE INDEX refunds ON entries (refund_id) WHERE refund_id IS NOT NULL",
        """
        CREATE TABLE balances (
            currency TEXT NOT NULL,
            account TEXT NOT NULL CHECK (account IN (\(accounts))),
            debits BIGINT NOT NULL CHECK (debits >= 0),
            credits BIGINT NOT NULL CHECK (credits >= 0),
            PRIMARY KEY (currency, account)
        )
        """,
        """
        CREATE TABLE head (
            id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
            sequence BIGINT NOT NULL CHECK (sequence >= 0),
            hash BYTEA NOT NULL CHECK (length(hash) = 32)
        )
        """,
        "INSERT INTO head (id, sequence, hash) VALUES (1, 0, \(genesis))",
        """
        CREATE VIEW postings AS
            SELECT sequence, debit AS account, currency, amount AS debited, 0 AS credited FROM entries
            UNION ALL
            SELECT sequence, credit, currency, 0, amount FROM entries
        """,
    ]
}
