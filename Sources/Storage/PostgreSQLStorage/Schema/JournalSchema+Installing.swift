import Domain

extension JournalSchema {
    /// Creates missing tables, migrates those of an earlier version, and checks that this program
    /// can continue the journal.
    ///
    /// A migration holds a lock; ledgers that wait for it find the work done.
    static func install(in session: PostgreSQLSession) throws(PostgreSQLError) {
        var attempt = 1
        while try !self.isCurrent(in: session) {
            do throws(PostgreSQLError) {
                try self.migrate(session)
            } catch {
                guard error.leavesConnection else { throw error }
                try session.ask([.direct("ROLLBACK")])
                guard error.isPassing || error.isRaced, attempt < PostgreSQLLimits.attemptsMax
                else { throw error }
                attempt += 1
            }
        }
        try self.checkRights(session)
        try self.check(session)
    }

    /// - Throws: If this program cannot continue the journal.
    static func check(_ session: PostgreSQLSession) throws(PostgreSQLError) {
        let installed = try self.installed(in: session)
        guard installed == self.version else {
            throw .refused("there is no journal of version \(self.version)")
        }
        try self.checkGuards(session)
        try self.checkCheckpoint(session)
        try self.checkDurability(session)
    }

    /// True if the tables have this version and their guards name the current schema.
    ///
    /// Guards name an old schema after it was renamed.
    private static func isCurrent(in session: PostgreSQLSession) throws(PostgreSQLError) -> Bool {
        guard try self.installed(in: session) == self.version else { return false }
        let untied = try session.texts(
            """
            SELECT proname::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE tgrelid IN ('entries'::regclass, 'checkpoints'::regclass, 'losses'::regclass)
                AND NOT tgisinternal AND NOT coalesce(
                'search_path=pg_catalog, ' || quote_ident(current_schema()) || ', pg_temp'
                = ANY (proconfig), false)
            """
        )
        return untied.isEmpty
    }

    /// The version of the existing tables; 0 if there are none.
    private static func installed(
        in session: PostgreSQLSession
    ) throws(PostgreSQLError) -> Int64 {
        let tables = try session.texts(
            """
            SELECT relname::text FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = current_schema()
                AND relname IN ('balances', 'checkpoints', 'entries', 'head', 'journal', 'losses',
                    'postings')
            """
        )
        if tables.isEmpty { return 0 }
        guard tables.contains("journal") else {
            throw .refused("its tables are of another application; choose another database")
        }
        let sql = "SELECT application, version::bigint FROM journal"
        let answer = try session.ask([.direct(sql)])[0]
        guard answer.rowCount == 1, answer.text(0, 0) == self.application else {
            throw .refused("its table journal is of another application; choose another database")
        }
        let version = try answer.integer(0, 1)
        guard (1...self.version).contains(version) else {
            throw .refused(
                """
                the journal has version \(version), and this program knows up to \
                \(self.version); run the program that made it, or a later one
                """
            )
        }
        return version
    }

    private static func migrate(_ session: PostgreSQLSession) throws(PostgreSQLError) {
        try session.ask([
            .direct("BEGIN ISOLATION LEVEL READ COMMITTED"),
            .direct("SELECT pg_advisory_xact_lock(\(self.lockNumber))"),
        ])
        // Another process may have migrated while this one waited.
        let installed = try self.installed(in: session)
        let schema = try self.schema(of: session)
        if installed == 0 { try self.refuseSecond(besides: schema, session) }
        var statements = Array(self.migrations(in: schema).dropFirst(Int(installed)).joined())
        if installed == self.version { statements = self.pinned(schema) }
        let end = ["UPDATE journal SET version = \(self.version)", "COMMIT"]
        try session.ask((statements + end).map { .direct($0) })
    }

    /// The first schema of the search path, in which tables are created.
    private static func schema(of session: PostgreSQLSession) throws(PostgreSQLError) -> String {
        let answer = try session.ask([.direct("SELECT current_schema()")])[0]
        guard answer.rowCount == 1, !answer.isNull(0, 0) else {
            throw .refused("search_path names no schema that exists; create the schema")
        }
        return answer.text(0, 0)
    }

    /// Refuses to start an empty journal beside an existing one: after a change of the search path,
    /// the same keys would be booked twice.
    private static func refuseSecond(
        besides schema: String,
        _ session: PostgreSQLSession
    ) throws(PostgreSQLError) {
        let others = try session.texts(
            """
            SELECT nspname::text FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relname IN ('entries', 'head', 'journal') AND relkind IN ('r', 'p', 'v')
                AND nspname <> current_schema() AND nspname NOT LIKE 'pg\\_temp\\_%'
                AND coalesce(obj_description(
                    (SELECT oid FROM pg_namespace WHERE nspname = current_schema()),
                    'pg_namespace'), '') <> '\(self.application)'
            GROUP BY nspname HAVING count(*) = 3 ORDER BY 1
            """
        )
        guard let other = others.first else { return }
        let (here, there) = (SQLText.name(schema), SQLText.name(other))
        throw .refused(
            """
            the schema \(there) has a journal, and search_path leads to \(here), which has none; \
            put \(there) first in search_path, or, for a second journal in this database, type: \
            COMMENT ON SCHEMA \(here) IS '\(self.application)'
            """
        )
    }

    /// The rights that a ledger needs on its tables.
    private static let rights = [
        ("journal", ["SELECT", "UPDATE"]), ("entries", ["SELECT", "INSERT"]),
        ("checkpoints", ["SELECT", "INSERT"]), ("losses", ["SELECT"]), ("head", ["SELECT"]),
        ("balances", ["SELECT"]),
    ]

    static func checkRights(_ session: PostgreSQLSession) throws(PostgreSQLError) {
        let values = self.rights.flatMap { table, rights in rights.map { "('\(table)', '\($0)')" } }
        let missing = try session.texts(
            """
            SELECT wanted.action || ' ON ' || wanted.name
            FROM (VALUES \(values.joined(separator: ", "))) AS wanted (name, action)
            WHERE NOT has_table_privilege(wanted.name, wanted.action)
            """
        )
        guard missing.isEmpty else {
            let grants = missing.map { "GRANT \($0) TO the user" }.joined(separator: "; ")
            throw .refused("the user may not write the journal's tables: \(grants)")
        }
    }

    private static func checkGuards(_ session: PostgreSQLSession) throws(PostgreSQLError) {
        let guards = try session.texts(
            """
            SELECT tgname::text FROM pg_trigger
            WHERE tgrelid IN ('entries'::regclass, 'checkpoints'::regclass, 'losses'::regclass)
                AND NOT tgisinternal AND (tgenabled = 'A' OR (
                    tgenabled = 'O' AND current_setting('session_replication_role') <> 'replica'))
            """
        )
        let wanted = EntryGuard.all.map(\.name)
        guard guards.sorted() == wanted else {
            throw .damaged(
                """
                the triggers that guard the tables should be \(wanted.joined(separator: ", ")), and \
                those at work are \(guards.sorted().joined(separator: ", ")); enable them: \
                ALTER TABLE … ENABLE ALWAYS TRIGGER …
                """
            )
        }
    }

    /// Requires that the last checkpoint belongs to an entry.
    private static func checkCheckpoint(_ session: PostgreSQLSession) throws(PostgreSQLError) {
        let missing = try session.texts(
            """
            SELECT last.sequence::text FROM (
                SELECT max(sequence) AS sequence FROM checkpoints
            ) AS last
            WHERE last.sequence IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM entries WHERE sequence = last.sequence)
            """
        )
        if let sequence = missing.first {
            throw .damaged(
                "entry \(sequence) has a checkpoint, and is not there; restore a backup"
            )
        }
    }

    /// Refuses unlogged tables, which a crash of the server empties, and `fsync` off, after which a
    /// crash may leave anything.
    private static func checkDurability(_ session: PostgreSQLSession) throws(PostgreSQLError) {
        let setting = "SELECT setting FROM pg_settings WHERE name = 'fsync'"
        if try session.texts(setting).first == "off" {
            throw .refused("the server has fsync off, and loses books in a crash; turn it on")
        }
        let unlogged = try session.texts(
            """
            SELECT relname::text FROM pg_class
            WHERE oid IN ('journal'::regclass, 'entries'::regclass, 'checkpoints'::regclass)
                AND relpersistence <> 'p'
            """
        )
        if let table = unlogged.first {
            throw .refused("its table \(table) is lost in a crash: ALTER TABLE \(table) SET LOGGED")
        }
    }
}

extension PostgreSQLSession {
    /// The first column of every row.
    func texts(_ sql: String) throws(PostgreSQLError) -> [String] {
        let answer = try self.ask([.direct(sql)])[0]
        return (0..<answer.rowCount).map { answer.text($0, 0) }
    }
}

extension PostgreSQLError {
    /// True if another process has just created the same object; engines without advisory locks
    /// report it.
    fileprivate var isRaced: Bool {
        switch self.cause {
        case .answered("23505"), .answered("42P07"), .answered("42723"): true
        default: false
        }
    }
}
