/// How long anything may take: nothing waits for a database for ever.
///
/// The server gives up first (`statement_timeout`), and says so; the client's own patience is for a
/// server that says nothing. What `DATABASE_URL` says of TCP goes before this.
enum PostgreSQLLimits {
    /// How long one server may take to let us in, unless the URL says it (`connect_timeout`).
    static let connectMilliseconds = 5_000

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

    /// The same while it is asked whether it can commit at all: a commit that waits longer does so
    /// for a synchronous standby that is away.
    static let probeSeconds: Int32 = 6

    /// At every this many looks at an idle session, a commit is tried.
    static let looksPerProbe = 20

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

    /// Those of the settings that the engine knows; engines that are not PostgreSQL lack some.
    static let knownSettings = """
        SELECT name FROM pg_settings
        WHERE name IN (\(session.map { "'\($0.0)'" }.joined(separator: ", ")))
        """

    /// A statement that sets those that are `known`, and the schema of the journal, before which no
    /// temporary table stands.
    ///
    /// With `isLocal`, it sets them for the transaction alone.
    static func settings(_ known: [String], _ schema: String, isLocal: Bool) -> String {
        let wanted =
            self.session.filter { known.contains($0.0) }.map { ($0.0, "'\($0.1)'") }
            + [("search_path", SQLText.value("\(schema), pg_temp"))]
        let calls = wanted.map { "set_config('\($0.0)', \($0.1), \(isLocal))" }
        return "SELECT \(calls.joined(separator: ", "))"
    }
}
