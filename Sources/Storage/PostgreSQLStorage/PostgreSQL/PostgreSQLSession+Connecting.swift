internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

extension PostgreSQLSession {
    /// Goes on until the server lets us in, and begins to speak in pipelines.
    func finishConnecting() throws(PostgreSQLError) {
        // Failures of a connection have their code in their words alone, and only then.
        unsafe PQsetErrorVerbosity(self.pointer, PQERRORS_VERBOSE)
        unsafe self.warnings.receive(from: self.pointer)
        guard unsafe PQstatus(self.pointer) != CONNECTION_BAD else { throw self.notConnected }
        var events = POLLOUT
        while true {
            try self.wait(for: events, seconds: PostgreSQLLimits.connectSeconds, .lost)
            switch unsafe PQconnectPoll(self.pointer) {
            case PGRES_POLLING_READING: events = POLLIN
            case PGRES_POLLING_WRITING: events = POLLOUT
            case PGRES_POLLING_OK: return try self.beginPipeline()
            default: throw self.notConnected
            }
        }
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

    /// Why there is no connection.
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

    /// The last SQLSTATE in the words of a failure: five capitals and digits before a colon.
    static func state(in words: String) -> String? {
        words.split(separator: " ").last { word in
            word.utf8.count == 6 && word.last == ":" && word.contains(where: \.isNumber)
                && word.dropLast().allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) }
        }.map { String($0.dropLast()) }
    }
}
