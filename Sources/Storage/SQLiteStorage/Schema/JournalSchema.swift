/// The tables of a journal, and the rules that the database enforces.
///
/// `entries` is the journal: one row an entry, immutable, numbered without gaps, linked by hash.
/// `ordinal` is 0 for a capture and numbers the refunds of a payment. `remaining` is the amount
/// still refundable after the entry, so that no two rows can refund the same money. `balances`
/// follows from `entries` and is written in the same commit.
enum JournalSchema {
    /// The `user_version` of the database; later versions are refused.
    static let version: Int64 = 1

    /// "FLRN", the `application_id` of the database; others are refused.
    static let applicationID: Int64 = 0x464C_524E

    static let statements = [
        """
        CREATE TABLE accounts (name TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE entries (
            sequence INTEGER PRIMARY KEY,
            recorded_at INTEGER NOT NULL,
            payment_id TEXT NOT NULL,
            ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
            refund_id TEXT CHECK ((refund_id IS NULL) = (ordinal = 0)),
            debit TEXT NOT NULL REFERENCES accounts,
            credit TEXT NOT NULL REFERENCES accounts CHECK (credit <> debit),
            amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 99999999),
            currency TEXT NOT NULL CHECK (length(currency) = 3),
            remaining INTEGER NOT NULL CHECK (remaining >= 0),
            subject TEXT NOT NULL,
            order_id TEXT,
            requested INTEGER,
            reason TEXT,
            previous BLOB NOT NULL CHECK (length(previous) = 32),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            UNIQUE (payment_id, ordinal)
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX refunds ON entries (refund_id) WHERE refund_id IS NOT NULL
        """,
        """
        CREATE TABLE balances (
            currency TEXT NOT NULL,
            account TEXT NOT NULL REFERENCES accounts,
            debits INTEGER NOT NULL CHECK (debits >= 0),
            credits INTEGER NOT NULL CHECK (credits >= 0),
            PRIMARY KEY (currency, account)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE VIEW postings AS
            SELECT sequence, debit AS account, currency, amount AS debited, 0 AS credited FROM entries
            UNION ALL
            SELECT sequence, credit, currency, 0, amount FROM entries
        """,
        """
        CREATE TRIGGER entries_follow BEFORE INSERT ON entries BEGIN
            SELECT raise(ABORT, 'an entry follows the last one')
            WHERE NEW.sequence <> 1 + ifnull((SELECT max(sequence) FROM entries), 0)
                OR NEW.previous <> ifnull(
                    (SELECT hash FROM entries WHERE sequence = NEW.sequence - 1), zeroblob(32));
        END
        """,
        """
        CREATE TRIGGER captures_remain BEFORE INSERT ON entries WHEN NEW.ordinal = 0 BEGIN
            SELECT raise(ABORT, 'all of a capture remains') WHERE NEW.remaining <> NEW.amount;
        END
        """,
        """
        CREATE TRIGGER refunds_are_bounded BEFORE INSERT ON entries WHEN NEW.ordinal > 0 BEGIN
            SELECT raise(ABORT, 'a refund takes from what remains')
            WHERE NOT EXISTS (
                SELECT 1 FROM entries
                WHERE payment_id = NEW.payment_id AND ordinal = NEW.ordinal - 1
                    AND currency = NEW.currency AND remaining = NEW.remaining + NEW.amount);
        END
        """,
        """
        CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN
            SELECT raise(ABORT, 'an entry is never changed');
        END
        """,
        """
        CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN
            SELECT raise(ABORT, 'an entry is never taken out');
        END
        """,
    ]
}
