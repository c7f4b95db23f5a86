/// Connects to the first of several servers that accepts the session.
///
/// Each is begun a little after the one before, or as soon as that one failed, and each has a time
/// of its own: a server that is silent keeps nobody. As long as one may still answer, those that
/// refused are asked again, since a standby becomes a primary meanwhile. It ends when each of them
/// has failed once. It reads no clock, and counts how long it waited in vain.
struct ConnectionRace {
    /// The delay before the next server is tried as well (as in RFC 8305).
    static let staggerMilliseconds = 250

    /// The longest single wait.
    private static let sliceMilliseconds = 50

    private struct Attempt {
        let server: PostgreSQLServer
        /// The attempt under way, if any.
        var session: PostgreSQLSession?
        var events: Int32 = 0
        /// The start of the next attempt or, during one, its timeout; in milliseconds of the race.
        var due: Int
        /// The failure of the last attempt.
        var failure: PostgreSQLError?
    }

    private let address: PostgreSQLAddress
    private let target: SessionTarget
    private var attempts: [Attempt]
    private var now = 0

    init(_ address: PostgreSQLAddress, _ servers: [PostgreSQLServer], _ target: SessionTarget) {
        self.address = address
        self.target = target
        self.attempts = servers.enumerated().map {
            Attempt(server: $1, due: $0 * Self.staggerMilliseconds)
        }
    }

    /// The session, and the server that it is with.
    ///
    /// - Throws: The failures of all servers.
    mutating func run() throws(PostgreSQLError) -> (PostgreSQLSession, PostgreSQLServer) {
        while true {
            for index in self.attempts.indices where self.attempts[index].due <= self.now {
                self.fallDue(index)
            }
            if self.attempts.allSatisfy({ $0.failure != nil }) { throw self.failure }
            for index in self.awaitServers() {
                if let session = self.advance(index) {
                    return (session, self.attempts[index].server)
                }
            }
        }
    }

    private mutating func fallDue(_ index: Int) {
        let server = self.attempts[index].server
        guard self.attempts[index].session == nil else {
            let seconds = self.address.connectMilliseconds / 1_000
            let words = "no sign of the \(server.description) in \(seconds) seconds"
            return self.fail(index, PostgreSQLError(cause: .lost, message: words))
        }
        do throws(PostgreSQLError) {
            self.attempts[index].session = try .begin(self.address, server, self.target)
            self.attempts[index].events = PostgreSQLSession.writable
            self.attempts[index].due = self.now + self.address.connectMilliseconds
        } catch {
            self.fail(index, error)
        }
    }

    /// Advances an attempt whose socket is ready.
    ///
    /// - Returns: The session, once it is established.
    private mutating func advance(_ index: Int) -> PostgreSQLSession? {
        guard let session = self.attempts[index].session else { return nil }
        do throws(PostgreSQLError) {
            guard let events = try session.advance() else { return session }
            self.attempts[index].events = events
        } catch {
            self.fail(index, error)
        }
        return nil
    }

    /// Schedules another attempt on this server, and starts the next untried server at once.
    private mutating func fail(_ index: Int, _ failure: PostgreSQLError) {
        self.attempts[index].session = nil
        self.attempts[index].failure = failure
        self.attempts[index].due = self.now + Self.staggerMilliseconds
        let next = self.attempts.indices.first {
            self.attempts[$0].session == nil && self.attempts[$0].failure == nil
        }
        if let next { self.attempts[next].due = min(self.attempts[next].due, self.now) }
    }

    /// Waits for any server, but not beyond the next due time.
    ///
    /// - Returns: the attempts whose sockets are ready.
    private mutating func awaitServers() -> [Int] {
        let asked = self.attempts.indices.filter { self.attempts[$0].session != nil }
        let due = self.attempts.map(\.due).min() ?? self.now
        let longest = min(max(due - self.now, 1), Self.sliceMilliseconds)
        let ready = PostgreSQLSession.wait(
            for: asked.compactMap { index in
                self.attempts[index].session.map { ($0, self.attempts[index].events) }
            },
            milliseconds: Int32(longest)
        )
        self.now += ready.isEmpty ? longest : 1
        return ready.map { asked[$0] }
    }

    /// The failures of all servers; a server that may recover decides the kind of the error.
    private var failure: PostgreSQLError {
        let failures = self.attempts.compactMap(\.failure)
        let first = failures.first { $0.cause == .lost } ?? failures.first
        var words: [String] = []
        for failure in failures where !words.contains(failure.message) {
            words.append(failure.message)
        }
        return PostgreSQLError(
            cause: first?.cause ?? .lost,
            message: words.isEmpty
                ? "no host of DATABASE_URL has an address now" : words.joined(separator: "; ")
        )
    }
}

extension PostgreSQLSession {
    /// Opens a session with the first server of `address` that accepts it.
    static func open(_ address: PostgreSQLAddress) throws(PostgreSQLError) -> PostgreSQLSession {
        var race = ConnectionRace(address, address.servers, address.target)
        return try race.run().0
    }
}
