/// A trigger that raises an error if a condition holds, with its function.
struct EntryGuard: Sendable {
    var table = "entries"
    /// The name of the trigger and of its function.
    let name: String
    private let event: String
    /// The condition, as SQL, for the table of entries and the hash before the first entry.
    private let refuses: @Sendable (_ entries: String, _ genesis: String) -> String
    private let rule: String

    /// All guards, sorted by name.
    static let all =
        (ofEntries + [
            .stays("checkpoints", "a checkpoint is never changed and never taken out"),
            .stays("losses", "a loss that was accepted is never forgotten"),
        ]).sorted { $0.name < $1.name }

    /// Forbids changes to rows of `table`, whose trigger exists already.
    private static func stays(_ table: String, _ rule: String) -> EntryGuard {
        EntryGuard(
            table: table,
            name: "\(table)_stay",
            event: "",
            refuses: { _, _ in "true" },
            rule: rule
        )
    }

    static let ofEntries = [
        EntryGuard(
            name: "captures_remain",
            event: "BEFORE INSERT ON entries FOR EACH ROW WHEN (NEW.ordinal = 0)",
            refuses: { _, _ in "NEW.remaining <> NEW.amount" },
            rule: "all of a capture remains"
        ),
        EntryGuard(
            name: "entries_follow",
            event: "BEFORE INSERT ON entries FOR EACH ROW",
            refuses: { entries, genesis in
                """
                CASE WHEN NEW.sequence = 1 THEN NEW.previous <> \(genesis)
                ELSE NOT EXISTS (
                    SELECT 1 FROM \(entries)
                    WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous)
                END
                """
            },
            rule: "an entry follows the last one"
        ),
        EntryGuard(
            name: "entries_stay",
            event: "BEFORE UPDATE OR DELETE OR TRUNCATE ON entries FOR EACH STATEMENT",
            refuses: { _, _ in "true" },
            rule: "an entry is never changed and never taken out"
        ),
        EntryGuard(
            name: "refunds_are_bounded",
            event: "BEFORE INSERT ON entries FOR EACH ROW WHEN (NEW.ordinal > 0)",
            refuses: { entries, _ in
                """
                NOT EXISTS (
                    SELECT 1 FROM \(entries)
                    WHERE payment_id = NEW.payment_id AND ordinal = NEW.ordinal - 1
                        AND currency = NEW.currency AND remaining = NEW.remaining + NEW.amount)
                """
            },
            rule: "a refund takes from what remains"
        ),
    ]

    var trigger: String {
        "CREATE TRIGGER \(self.name) \(self.event) EXECUTE FUNCTION \(self.name)()"
    }

    /// Enables the trigger also in sessions whose `session_replication_role` is `replica`.
    var alwaysAtWork: String { "ALTER TABLE \(self.table) ENABLE ALWAYS TRIGGER \(self.name)" }

    /// The function as in version 1 of the journal; finds `entries` through the search path.
    func function(genesis: String) -> String {
        "CREATE FUNCTION \(self.name)() RETURNS trigger LANGUAGE plpgsql AS \(self.body("entries", genesis))"
    }

    /// The function for the table in `schema`; finds operators in `pg_catalog` first.
    func function(in schema: String, genesis: String) -> String {
        let name = SQLText.name(schema)
        return """
            CREATE OR REPLACE FUNCTION \(name).\(self.name)() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, \(name), pg_temp AS \(self.body("\(name).entries", genesis))
            """
    }

    private func body(_ entries: String, _ genesis: String) -> String {
        """
        $guard$
        BEGIN
            IF (\(self.refuses(entries, genesis))) THEN RAISE EXCEPTION '\(self.rule)'; END IF;
            RETURN NEW;
        END
        $guard$
        """
    }
}
