/// How long anything may take: nothing waits for a database for ever.
///
/// The server gives up first (`statement_timeout`), and says so; the client's own patience is for a
/// server that says nothing. What `DATABASE_URL` says of TCP goes before this.
enum PostgreSQLLimits {
    /// Without a sign of the server for this long, while connecting: the next address, or the end.
    static let connectSeconds: Int32 = 5

    /// How long bytes that were sent may stay unacknowledged (`tcp_user_timeout`), connecting
    /// included.
    static let unacknowledgedMilliseconds = 4_000

    /// A silent connection is probed after this long.
    static let keepaliveIdleSeconds = 5
    /// How long from one probe to the next.
    static let keepaliveIntervalSeconds = 2
    /// After this many probes without an answer, it is lost.
    static let keepaliveCount = 3

    /// Without a sign of the server for this long, while it is asked, the connection is lost.
    static let answerSeconds: Int32 = 15

    /// How long another replica may keep the head (`lock_timeout`).
    static let lockMilliseconds = 5_000

    /// How long one statement may take, waiting included (`statement_timeout`).
    static let statementMilliseconds = 10_000

    /// A replica that holds the head and falls silent loses it after this long
    /// (`idle_in_transaction_session_timeout`).
    static let idleTransactionMilliseconds = 5_000

    /// How long a ledger acknowledges nothing from a server that stopped waiting for standbys: it may be
    /// about to stop, since another one leads.
    static let abandonedSeconds = 1

    /// How often a transaction is tried that is rolled back for the sake of another.
    static let attemptsMax = 16

    /// What libpq is told; it is in the order of keywords and values.
    static let connection: [(String, String)] = [
        ("fallback_application_name", "florin"),
        ("client_encoding", "UTF8"),
        ("tcp_user_timeout", "\(unacknowledgedMilliseconds)"),
        ("keepalives_idle", "\(keepaliveIdleSeconds)"),
        ("keepalives_interval", "\(keepaliveIntervalSeconds)"),
        ("keepalives_count", "\(keepaliveCount)"),
    ]

    /// What a session is told.
    ///
    /// Statements are planned once, perhaps while a table is empty: a plan that reads the whole of
    /// it must not be kept while it grows (`enable_seqscan`), and the price that this puts on such
    /// a plan must not start a compiler (`jit`).
    private static let session: [(String, String)] = [
        ("statement_timeout", "\(statementMilliseconds)"),
        ("lock_timeout", "\(lockMilliseconds)"),
        ("idle_in_transaction_session_timeout", "\(idleTransactionMilliseconds)"),
        ("enable_seqscan", "off"),
        ("jit", "off"),
    ]

    /// Makes commits as durable as the server can, and its warnings heard, whatever the server, the
    /// database, the role or the URL say; `remote_apply` is more than `on`, and stays.
    ///
    /// With `isLocal` it is for the transaction alone, which no reload reaches and no pooler loses.
    /// The third column names the standbys that commits wait for.
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

    /// Sets what the engine knows; engines that are not PostgreSQL lack some.
    static let statements: [String] = [
        """
        SELECT set_config(wanted.name, wanted.value, false)
        FROM (VALUES \(session.map { "('\($0.0)', '\($0.1)')" }.joined(separator: ", ")))
            AS wanted (name, value)
        JOIN pg_settings ON pg_settings.name = wanted.name
        """,
        durability(isLocal: false),
    ]
}
