internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The one owner of a `PGconn`, which speaks in pipelines all its life: requests go out together,
/// and their answers come back together.
///
/// It blocks the thread that asks, never for ever (``PostgreSQLLimits``): libpq's socket does not
/// block, and this waits for it. Whoever holds it uses it from one thread at a time.
@safe
final class PostgreSQLSession {
    let pointer: OpaquePointer
    let address: PostgreSQLAddress
    let warnings = PostgreSQLWarnings()

    private init(owning pointer: OpaquePointer, _ address: PostgreSQLAddress) {
        unsafe self.pointer = pointer
        self.address = address
    }

    deinit { unsafe PQfinish(self.pointer) }

    /// Connects, by the address's own parameters before ours.
    static func open(_ address: PostgreSQLAddress) throws(PostgreSQLError) -> PostgreSQLSession {
        // The URL is last: what it says goes before what stands before it.
        let parameters = PostgreSQLLimits.connection + [("dbname", address.url)]
        let keywords = CStrings(parameters.map(\.0))
        let values = CStrings(parameters.map(\.1))
        let started = unsafe keywords.withPointers { keywords in
            unsafe values.withPointers { unsafe PQconnectStartParams(keywords, $0, 1) }
        }
        guard let pointer = unsafe started else {
            throw PostgreSQLError(cause: .lost, message: "no memory to connect")
        }
        let session = unsafe PostgreSQLSession(owning: pointer, address)
        try session.finishConnecting()
        return session
    }

    /// Asks everything in one round trip.
    ///
    /// - Returns: the answers, in the order of the requests.
    /// - Throws: the first error; what came after it was skipped. In a transaction that these
    ///   requests began, a rollback is still to be asked for.
    @discardableResult
    func ask(_ requests: [PostgreSQLRequest]) throws(PostgreSQLError) -> [PostgreSQLAnswer] {
        for request in requests {
            guard self.send(request) else { throw self.lost(.lost) }
        }
        guard unsafe PQpipelineSync(self.pointer) == 1 else { throw self.lost(.lostAfterwards) }
        return try self.collect(requests.count)
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
            throw PostgreSQLError(cause: cause, message: message)
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
