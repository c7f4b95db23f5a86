internal import CPostgreSQL

/// The one owner of a `PGconn`, which speaks in pipelines all its life: requests go out together,
/// and their answers come back together.
///
/// Blocks its thread within ``PostgreSQLLimits``: libpq's socket is non-blocking, and this class
/// waits for it. Must be used by one thread at a time.
@safe
final class PostgreSQLSession {
    let pointer: OpaquePointer
    let address: PostgreSQLAddress
    let warnings = PostgreSQLWarnings()
    /// True if transactions started by this session are read-only.
    var isReadOnly = false
    /// Settings for every transaction, if a pooler shares the server's session; nil otherwise.
    var transactionSettings: String?
    /// True once the server has accepted the session.
    var isConnected = false
    /// The server's lineage; nil where it has none, or a pooler may change the server.
    var lineage: ServerLineage?
    /// The servers of which one may take the place of this session's while that is silent.
    var servers: [PostgreSQLServer] = []
    /// Hears of the one that did.
    var directory: ServerDirectory?
    /// The longest silence of the server during a request, in seconds.
    var answerSeconds = PostgreSQLLimits.answerSeconds

    init(owning pointer: OpaquePointer, _ address: PostgreSQLAddress) {
        unsafe self.pointer = pointer
        self.address = address
    }

    deinit { unsafe PQfinish(self.pointer) }

    /// True if nothing may be left in the server's session, not even prepared statements.
    var isShared: Bool { self.transactionSettings != nil }

    /// Sends requests in one round trip.
    ///
    /// - Parameters:
    ///   - requests: What is asked, in this order.
    ///   - patience: How many seconds the server may be silent, when not ``answerSeconds``.
    /// - Returns: the answers, in the order of the requests.
    /// - Throws: the first error; what came after it was skipped. In a transaction that these
    ///   requests began, a rollback is still to be asked for.
    @discardableResult
    func ask(
        _ requests: [PostgreSQLRequest],
        patience: Int32? = nil
    ) throws(PostgreSQLError) -> [PostgreSQLAnswer] {
        let patience = patience ?? self.answerSeconds
        guard let settings = self.transactionSettings else {
            return try self.askOnce(requests, patience)
        }
        return try self.askShared(requests, settings, patience)
    }

    func askOnce(
        _ requests: [PostgreSQLRequest],
        _ patience: Int32
    ) throws(PostgreSQLError) -> [PostgreSQLAnswer] {
        for request in requests {
            guard self.send(request) else { throw self.lost(.lost) }
        }
        guard unsafe PQpipelineSync(self.pointer) == 1 else { throw self.lost(.lostAfterwards) }
        return try self.collect(requests.count, patience)
    }
}

extension PostgreSQLSession {
    /// The connection is gone; `reason` goes before libpq's words.
    func lost(
        _ cause: PostgreSQLError.Cause,
        _ reason: String? = nil
    ) -> PostgreSQLError {
        let words = unsafe String(cString: PQerrorMessage(self.pointer))
        return PostgreSQLError(cause: cause, message: reason ?? self.address.clean(words))
    }
}
