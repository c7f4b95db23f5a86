import Domain

/// Version 2: commits add rows and change none.
///
/// A snapshot that is held open, as by a dump, retains all versions of all rows, so that the rows
/// of `head` and `balances` had to be found among all their versions. Now `head` is a view of the
/// last entry. Balances are written at intervals to `checkpoints`, and the view `balances` adds
/// later entries. Writers lock the row of `journal`.
extension JournalSchema {
    /// The number of entries after which a checkpoint is written, so that the sums stay short.
    static let checkpointEntries: UInt64 = 1_024

    static let second =
        [
            // Writers that use the tables of version 1 finish first, or fail because they are gone.
            "LOCK TABLE head IN ACCESS EXCLUSIVE MODE",
            """
            DO $$ BEGIN
                IF EXISTS (
                    SELECT 1 FROM head LEFT JOIN (
                        SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1
                    ) AS last ON true
                    WHERE head.sequence <> coalesce(last.sequence, 0)
                        OR (head.sequence > 0 AND head.hash <> last.hash)
                ) THEN RAISE EXCEPTION 'the last entry is not the one that head names';
                END IF;
            END $$
            """,
            """
            CREATE TABLE checkpoints (
                sequence BIGINT NOT NULL CHECK (sequence > 0),
                currency TEXT NOT NULL,
                account TEXT NOT NULL CHECK (account IN (\(accounts))),
                debits BIGINT NOT NULL CHECK (debits >= 0),
                credits BIGINT NOT NULL CHECK (credits >= 0),
                PRIMARY KEY (sequence, currency, account)
            )
            """,
            """
            INSERT INTO checkpoints (sequence, currency, account, debits, credits)
            SELECT head.sequence, currency, account, debits, credits FROM balances, head
            WHERE head.sequence > 0
            """,
            "DROP TABLE balances",
            "DROP TABLE head",
            """
            CREATE VIEW head AS
                SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1
            """,
            """
            CREATE VIEW balances AS
                SELECT currency, account,
                    sum(debits)::bigint AS debits, sum(credits)::bigint AS credits
                FROM (
                    SELECT currency, account, debits, credits FROM checkpoints
                    WHERE sequence = (SELECT max(sequence) FROM checkpoints)
                    UNION ALL
                    SELECT currency, account, debited, credited FROM postings
                    WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM checkpoints)
                ) AS parts
                GROUP BY currency, account
            """,
            """
            CREATE TABLE losses (
                sequence BIGINT NOT NULL CHECK (sequence > 0),
                hash BYTEA NOT NULL CHECK (length(hash) = 32),
                head BIGINT NOT NULL,
                accepted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
                accepted_by TEXT NOT NULL DEFAULT session_user,
                PRIMARY KEY (sequence, hash)
            )
            """,
        ]
        + guardStatements(
            "checkpoints_stay",
            on: "BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints FOR EACH STATEMENT",
            refuses: "true",
            because: "a checkpoint is never changed and never taken out"
        )
        + guardStatements(
            "losses_stay",
            on: "BEFORE UPDATE OR DELETE OR TRUNCATE ON losses FOR EACH STATEMENT",
            refuses: "true",
            because: "a loss that was accepted is never forgotten"
        )
}
