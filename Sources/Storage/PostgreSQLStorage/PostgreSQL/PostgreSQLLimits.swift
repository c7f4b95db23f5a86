/// Time limits and settings of connections: no wait for a database is unbounded.
///
/// The server gives up first and reports it (`statement_timeout`); the client's longer limits are
/// for a silent server. TCP settings in `DATABASE_URL` override these.
enum PostgreSQLLimits {
    /// The timeout of connecting to one server, unless the URL has `connect_timeout`.
    static let connectMilliseconds = 5_000

    /// The longest time that sent bytes may stay unacknowledged (`tcp_user_timeout`), connecting
    /// included.
    static let unacknowledgedMilliseconds = 4_000

    /// The silence after which a connection is probed.
    static let keepaliveIdleSeconds = 5
    /// The time between two probes.
    static let keepaliveIntervalSeconds = 2
    /// The number of unanswered probes after which a connection is lost.
    static let keepaliveCount = 3

    /// Without a sign of the server for this long, while it is asked, the connection is lost.
    static let answerSeconds: Int32 = 15

    /// After a silence this long, the servers are asked whether another one has taken its place, and
    /// each of them again this long after it answered.
    static let quietMilliseconds = 1_000

    /// The same while it is asked whether it can commit at all: a commit that waits longer does so
    /// for a synchronous standby that is away.
    static let probeSeconds: Int32 = 6

    /// The number of checks of an idle session after which a commit is tried.
    static let looksPerProbe = 20

    /// The longest time that another replica may hold the head (`lock_timeout`).
    static let lockMilliseconds = 5_000

    /// The longest time of a statement, waiting included (`statement_timeout`).
    static let statementMilliseconds = 10_000

    /// The time after which a silent replica loses the head
    /// (`idle_in_transaction_session_timeout`).
    static let idleTransactionMilliseconds = 5_000

    /// The pause before failing a commit on a server that stopped waiting for standbys.
    ///
    /// Such a server may be about to stop, because another one leads.
    static let abandonedSeconds = 1

    /// The most attempts of a transaction that is rolled back in favour of others.
    static let attemptsMax = 16

    /// Connection parameters of libpq.
    static let connection: [(String, String)] = [
        ("fallback_application_name", "florin"),
        ("tcp_user_timeout", "\(unacknowledgedMilliseconds)"),
        ("keepalives_idle", "\(keepaliveIdleSeconds)"),
        ("keepalives_interval", "\(keepaliveIntervalSeconds)"),
        ("keepalives_count", "\(keepaliveCount)"),
    ]

    /// Settings of a session.
    ///
    /// Statements are planned once, perhaps while a table is empty. A plan with a sequential scan
    /// must not be kept while the table grows (`enable_seqscan`), and the high cost that this
    /// assigns to such a plan must not start a compiler (`jit`).
    private static let session: [(String, String)] = [
        ("statement_timeout", "\(statementMilliseconds)"),
        ("lock_timeout", "\(lockMilliseconds)"),
        ("idle_in_transaction_session_timeout", "\(idleTransactionMilliseconds)"),
        ("enable_seqscan", "off"),
        ("jit", "off"),
    ]

    /// A statement that makes commits as durable as the server can, and enables its warnings.
    ///
    /// Overrides the server's, database's, role's and URL's settings; keeps `remote_apply`, which
    /// is stronger than `on`. With `isLocal` it applies to the transaction alone, where no reload
    /// reaches it and no pooler loses it. The third column names the standbys that commits wait
    /// for.
    static func durability(isLocal: Bool) -> String {
        """
        SELECT set_config(
                'synchronous_commit',
                CASE current_setting('synchronous_commit')
                    WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on'
                END,
                \(isLocal)),
            set_config('client_min_messages', 'warning', \(isLocal)),
            current_setting('synchronous_standby_names', true)
        """
    }

    /// Selects the settings that the engine knows; engines other than PostgreSQL lack some.
    static let knownSettings = """
        SELECT name FROM pg_settings
        WHERE name IN (\(session.map { "'\($0.0)'" }.joined(separator: ", ")))
        """

    /// A statement that sets the `known` settings and the schema of the journal, ahead of temporary
    /// tables.
    ///
    /// With `isLocal` it applies to the transaction alone.
    static func settings(_ known: [String], _ schema: String, isLocal: Bool) -> String {
        let wanted =
            self.session.filter { known.contains($0.0) }.map { ($0.0, "'\($0.1)'") }
            + [("search_path", SQLText.value("\(schema), pg_temp"))]
        let calls = wanted.map { "set_config('\($0.0)', \($0.1), \(isLocal))" }
        return "SELECT \(calls.joined(separator: ", "))"
    }
}
