internal import CPostgreSQL

extension PostgreSQLSession {
    /// Pins the settings that a journal relies on: the schema of its tables, time limits, durable
    /// commits.
    ///
    /// Sets them once in an unshared session. A pooler may run each transaction in another session
    /// and pass that on afterwards; behind one, every transaction sets them for itself and leaves
    /// nothing behind.
    func settle() throws(PostgreSQLError) {
        let server = try self.ask([
            .direct(
                """
                SELECT pg_backend_pid()::bigint, current_setting('search_path'),
                    current_schema()::text
                """
            )
        ])[0]
        try self.checkSearchPath(server)
        let known = try self.texts(PostgreSQLLimits.knownSettings)
        let schema = SQLText.name(server.text(0, 2))
        let isShared = try server.integer(0, 0) != Int64(unsafe PQbackendPID(self.pointer))
        let settings = PostgreSQLLimits.settings(known, schema, isLocal: isShared)
        if isShared {
            try self.checkTransactions()
            self.transactionSettings = settings
            self.lineage = nil
        } else {
            let durability = PostgreSQLLimits.durability(isLocal: false)
            try self.ask([.direct(settings), .direct(durability)])
        }
    }

    /// Refuses a pooler that releases its session before the end of a transaction.
    ///
    /// Uses two round trips: a transaction within a single one passes everywhere.
    private func checkTransactions() throws(PostgreSQLError) {
        do throws(PostgreSQLError) {
            try self.ask([.direct("BEGIN")])
            try self.ask([.direct("ROLLBACK")])
        } catch {
            throw .refused(
                """
                the pooler allows no transactions (\(error.description)); a ledger needs its mode \
                session or transaction
                """
            )
        }
    }

    /// Refuses a session that lacks the `search_path` of `DATABASE_URL`, or whose schema does not
    /// exist.
    private func checkSearchPath(_ server: PostgreSQLAnswer) throws(PostgreSQLError) {
        if let wanted = self.address.searchPath, wanted != server.text(0, 1) {
            throw .refused(
                """
                DATABASE_URL asks for search_path=\(wanted), and the session has \
                \(server.text(0, 1)): a pooler drops `options`; set it at the role instead: \
                ALTER ROLE … SET search_path = \(wanted)
                """
            )
        }
        guard !server.isNull(0, 2) else {
            throw .refused("search_path names no schema that exists; create the schema")
        }
    }

    /// Sends requests in a transaction with ``transactionSettings``.
    ///
    /// Uses the transaction that the requests begin, the open one, or a new one.
    func askShared(
        _ requests: [PostgreSQLRequest],
        _ settings: String,
        _ patience: Int32
    ) throws(PostgreSQLError) -> [PostgreSQLAnswer] {
        guard unsafe PQtransactionStatus(self.pointer) == PQTRANS_IDLE else {
            return try self.askOnce(requests, patience)
        }
        if let first = requests.first, first.beginsTransaction {
            let told = [first, .direct(settings)] + requests.dropFirst()
            var answers = try self.askOnce(told, patience)
            answers.remove(at: 1)
            return answers
        }
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED \(self.isReadOnly ? "READ ONLY" : "")"
        do throws(PostgreSQLError) {
            let told = [.direct(begin), .direct(settings)] + requests + [.direct("COMMIT")]
            return try self.askOnce(told, patience).dropFirst(2).dropLast()
        } catch {
            if error.leavesConnection { _ = try? self.askOnce([.direct("ROLLBACK")], patience) }
            throw error
        }
    }
}

extension PostgreSQLRequest {
    fileprivate var beginsTransaction: Bool {
        switch self {
        case .execute(.begin, _): true
        case .direct(let sql): sql.hasPrefix("BEGIN")
        default: false
        }
    }
}
