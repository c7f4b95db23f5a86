import Domain

extension JournalSchema {
    /// Makes the tables when there are none, brings those of an earlier version up to this one,
    /// and checks that they are a journal that this program can continue.
    ///
    /// Who changes tables holds a lock that others wait for, and then finds the work done.
    static func install(in session: PostgreSQLSession) throws(PostgreSQLError) {
        var attempt = 1
        while try self.installed(in: session) < self.version {
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
        try self.check(session)
    }

    /// - Throws: when this program cannot continue what is there.
    static func check(_ session: PostgreSQLSession) throws(PostgreSQLError) {
        let installed = try self.installed(in: session)
        guard installed == self.version else {
            throw .refused("there is no journal of version \(self.version)")
        }
        try self.checkGuards(session)
        try self.checkCheckpoint(session)
        try self.checkDurability(session)
    }

    /// The version of the tables that are there; 0 without any.
    private static func installed(
        in session: PostgreSQLSession
    ) throws(PostgreSQLError) -> Int64 {
        let tables = try session.texts(
            """
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = current_schema()
                AND table_name IN ('balances', 'checkpoints', 'entries', 'head', 'journal', 'losses',
                    'postings')
            """
        )
        if tables.isEmpty { return 0 }
        guard tables.contains("journal") else {
            throw .refused("its tables are those of something else; choose another database")
        }
        let sql = "SELECT application, version::bigint FROM journal"
        let answer = try session.ask([.direct(sql)])[0]
        guard answer.rowCount == 1, answer.text(0, 0) == self.application else {
            throw .refused("its table journal is that of something else; choose another database")
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
        // Somebody else may have done it while this waited.
        let statements = self.migrations.dropFirst(Int(try self.installed(in: session))).joined()
        let end = ["UPDATE journal SET version = \(self.version)", "COMMIT"]
        try session.ask((statements + end).map { .direct($0) })
    }

    private static func checkGuards(_ session: PostgreSQLSession) throws(PostgreSQLError) {
        let guards = try session.texts(
            """
            SELECT tgname::text FROM pg_trigger
            WHERE tgrelid IN ('entries'::regclass, 'checkpoints'::regclass, 'losses'::regclass)
                AND NOT tgisinternal AND tgenabled = 'O'
            """
        )
        guard guards.sorted() == self.guards else {
            throw .damaged(
                """
                the triggers that guard the tables should be \(self.guards.joined(separator: ", ")), \
                and those at work are \(guards.sorted().joined(separator: ", ")); enable them
                """
            )
        }
    }

    /// The last checkpoint is that of an entry.
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

    /// A crash of the server empties tables that are unlogged, and one with `fsync` off may leave
    /// anything.
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
    /// Whether somebody else has just made the same: engines without a lock to wait for say so.
    fileprivate var isRaced: Bool {
        switch self.cause {
        case .answered("23505"), .answered("42P07"), .answered("42723"): true
        default: false
        }
    }
}
