internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

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
    ///   - patience: How many seconds the server may be silent.
    /// - Returns: the answers, in the order of the requests.
    /// - Throws: the first error; what came after it was skipped. In a transaction that these
    ///   requests began, a rollback is still to be asked for.
    @discardableResult
    func ask(
        _ requests: [PostgreSQLRequest],
        patience: Int32 = PostgreSQLLimits.answerSeconds
    ) throws(PostgreSQLError) -> [PostgreSQLAnswer] {
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
    /// Waits until the socket can be read from or written to.
    func wait(
        for events: Int32,
        seconds: Int32,
        _ cause: PostgreSQLError.Cause
    ) throws(PostgreSQLError) {
        var socket = unsafe pollfd(fd: PQsocket(self.pointer), events: Int16(events), revents: 0)
        while true {
            let count = unsafe poll(&socket, 1, seconds * 1_000)
            if count > 0 { return }
            if count < 0, errno == EINTR { continue }
            let message = "no sign of the server in \(seconds) seconds"
            throw PostgreSQLError(cause: cause, message: message, isSilence: true)
        }
    }

    /// The connection is gone; `reason` goes before libpq's words.
    func lost(
        _ cause: PostgreSQLError.Cause,
        _ reason: String? = nil
    ) -> PostgreSQLError {
        let words = unsafe String(cString: PQerrorMessage(self.pointer))
        return PostgreSQLError(cause: cause, message: reason ?? self.address.clean(words))
    }
}
