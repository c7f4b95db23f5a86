internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

extension PostgreSQLSession {
    /// Readiness of the socket for writing.
    static let writable = POLLOUT

    /// Starts to connect to a server; continue with ``advance()``.
    static func begin(
        _ address: PostgreSQLAddress,
        _ server: PostgreSQLServer,
        _ target: SessionTarget
    ) throws(PostgreSQLError) -> PostgreSQLSession {
        let parameters = address.parameters(server, target)
        let keywords = CStrings(parameters.map(\.0))
        let values = CStrings(parameters.map(\.1))
        let started = unsafe keywords.withPointers { keywords in
            unsafe values.withPointers { unsafe PQconnectStartParams(keywords, $0, 0) }
        }
        guard let pointer = unsafe started else {
            throw PostgreSQLError(cause: .lost, message: "no memory to connect")
        }
        let session = unsafe PostgreSQLSession(owning: pointer, address)
        // libpq reports the SQLSTATE of a failed connection only in the message, at this verbosity.
        unsafe PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
        unsafe session.warnings.receive(from: pointer)
        guard unsafe PQstatus(pointer) != CONNECTION_BAD else { throw session.notConnected }
        return session
    }

    /// Advances the connection when its socket is ready.
    ///
    /// - Returns: what the socket must be ready for next; nil when the server let us in.
    func advance() throws(PostgreSQLError) -> Int32? {
        if self.isConnected { return try self.takeLineage() }
        switch unsafe PQconnectPoll(self.pointer) {
        case PGRES_POLLING_READING: return POLLIN
        case PGRES_POLLING_WRITING: return POLLOUT
        case PGRES_POLLING_OK:
            try self.beginPipeline()
            self.isConnected = true
            return try self.askLineage()
        default: throw self.notConnected
        }
    }

    /// Waits until one of the sockets is ready.
    ///
    /// - Returns: The indices of the ready sockets.
    static func wait(
        for sessions: [(PostgreSQLSession, Int32)],
        milliseconds: Int32
    ) -> [Int] {
        var sockets = sessions.map { session, events in
            unsafe pollfd(fd: PQsocket(session.pointer), events: Int16(events), revents: 0)
        }
        guard unsafe poll(&sockets, nfds_t(sockets.count), milliseconds) > 0 else { return [] }
        return sockets.indices.filter { sockets[$0].revents != 0 }
    }

    private func beginPipeline() throws(PostgreSQLError) {
        let version = unsafe PQserverVersion(self.pointer)
        guard version >= 110_000 else {
            throw .refused("the server has version \(version / 10_000); 11 or later is needed")
        }
        let encoding = unsafe PQparameterStatus(self.pointer, "server_encoding").map {
            unsafe String(cString: $0)
        }
        guard encoding == "UTF8" else {
            throw .refused(
                "the database is encoded in \(encoding ?? "?"); create it with ENCODING 'UTF8'"
            )
        }
        guard unsafe PQsetnonblocking(self.pointer, 1) == 0,
            unsafe PQenterPipelineMode(self.pointer) == 1
        else { throw self.lost(.lost) }
    }

    /// The reason why there is no connection.
    private var notConnected: PostgreSQLError {
        let message = unsafe String(cString: PQerrorMessage(self.pointer))
        let words = self.address.clean(message)
        if unsafe PQconnectionNeedsPassword(self.pointer) == 1 {
            return .refused("the server wants a password; put one into DATABASE_URL")
        }
        guard let state = Self.state(in: words) else {
            return PostgreSQLError(cause: .lost, message: words)
        }
        return PostgreSQLError(cause: .answered(state), message: words)
    }

    /// The last SQLSTATE in a message: five capitals and digits before a colon.
    static func state(in words: String) -> String? {
        words.split(separator: " ").last { word in
            word.utf8.count == 6 && word.last == ":" && word.contains(where: \.isNumber)
                && word.dropLast().allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) }
        }.map { String($0.dropLast()) }
    }
}
