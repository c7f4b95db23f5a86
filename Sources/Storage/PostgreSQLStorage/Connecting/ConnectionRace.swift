/// Connects to the first of several servers that accepts the session.
///
/// Each attempt begins a little after the one before, or as soon as that one failed, and has a
/// timeout of its own, so that a silent server delays nobody. While another attempt is under way,
/// servers that refused are asked again, since a standby may become a primary. The race ends when
/// every server has failed once. It reads no clock: it adds up the time that it waited in vain.
///
/// A search is a race without an end for a wanted server: the others are asked again, too.
struct ConnectionRace {
    /// The delay before the next server is tried as well (as in RFC 8305).
    static let staggerMilliseconds = 250

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
    /// The pause before a server that refused, or is not wanted, is asked again.
    private let pauseMilliseconds: Int
    private let isWanted: (PostgreSQLSession) -> Bool
    private var attempts: [Attempt]
    private var now = 0

    init(_ address: PostgreSQLAddress, _ servers: [PostgreSQLServer], _ target: SessionTarget) {
        self.address = address
        self.target = target
        self.pauseMilliseconds = Self.staggerMilliseconds
        self.isWanted = { _ in true }
        self.attempts = servers.enumerated().map {
            Attempt(server: $1, due: $0 * Self.staggerMilliseconds)
        }
    }

    /// Creates a search for a session that `isWanted`, with those of `servers` that take writes.
    init(
        _ address: PostgreSQLAddress,
        _ servers: [PostgreSQLServer],
        _ isWanted: @escaping (PostgreSQLSession) -> Bool
    ) {
        self.address = address
        self.target = .readWrite
        self.pauseMilliseconds = PostgreSQLLimits.quietMilliseconds
        self.isWanted = isWanted
        self.attempts = servers.map { Attempt(server: $0, due: 0) }
    }

    /// The session, and the server that it is with.
    ///
    /// - Throws: The failures of all servers.
    mutating func run() throws(PostgreSQLError) -> (PostgreSQLSession, PostgreSQLServer) {
        while true {
            self.fallDue()
            if self.attempts.allSatisfy({ $0.failure != nil }) { throw self.failure }
            for index in self.awaitServers() {
                if let session = self.advance(index) {
                    return (session, self.attempts[index].server)
                }
            }
        }
    }

    enum Step {
        /// The other session's socket is ready.
        case ready
        case found(PostgreSQLSession, PostgreSQLServer)
        case waited(milliseconds: Int)
    }

    /// Takes a step of a search.
    ///
    /// - Parameters:
    ///   - other: A session that is waited for meanwhile, and what for.
    ///   - milliseconds: The longest wait.
    /// - Returns: The event that came first.
    mutating func step(
        beside other: (PostgreSQLSession, Int32),
        milliseconds: Int
    ) -> Step {
        let before = self.now
        self.fallDue()
        let ready = self.awaitServers(other, milliseconds)
        if ready.contains(self.attempts.count) { return .ready }
        for index in ready {
            if let session = self.advance(index) {
                return .found(session, self.attempts[index].server)
            }
        }
        return .waited(milliseconds: self.now - before)
    }

    private mutating func fallDue() {
        for index in self.attempts.indices where self.attempts[index].due <= self.now {
            self.fallDue(index)
        }
    }

    private mutating func fallDue(_ index: Int) {
        let server = self.attempts[index].server
        guard self.attempts[index].session == nil else {
            let seconds = self.address.connectMilliseconds / 1_000
            let words = "no answer from the \(server.description) in \(seconds) seconds"
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
            if let events = try session.advance() {
                self.attempts[index].events = events
            } else if self.isWanted(session) {
                return session
            } else {
                self.fail(
                    index,
                    .refused("the \(self.attempts[index].server.description) does not lead")
                )
            }
        } catch {
            self.fail(index, error)
        }
        return nil
    }

    /// Schedules another attempt on this server, and starts the next untried server at once.
    private mutating func fail(_ index: Int, _ failure: PostgreSQLError) {
        self.attempts[index].session = nil
        self.attempts[index].failure = failure
        self.attempts[index].due = self.now + self.pauseMilliseconds
        let next = self.attempts.indices.first {
            self.attempts[$0].session == nil && self.attempts[$0].failure == nil
        }
        if let next { self.attempts[next].due = min(self.attempts[next].due, self.now) }
    }

    /// Waits for any server, but not beyond the next due time.
    ///
    /// - Returns: the attempts whose sockets are ready; the place after the last is that of `other`.
    private mutating func awaitServers(
        _ other: (PostgreSQLSession, Int32)? = nil,
        _ milliseconds: Int = PostgreSQLSession.sliceMilliseconds
    ) -> [Int] {
        let asked = self.attempts.indices.filter { self.attempts[$0].session != nil }
        let due = self.attempts.map(\.due).min() ?? self.now
        let slice = min(milliseconds, PostgreSQLSession.sliceMilliseconds)
        let longest = min(max(due - self.now, 1), slice)
        let sessions = asked.compactMap { index in
            self.attempts[index].session.map { ($0, self.attempts[index].events) }
        }
        let ready = PostgreSQLSession.wait(
            for: sessions + (other.map { [$0] } ?? []),
            milliseconds: Int32(longest)
        )
        self.now += ready.isEmpty ? longest : 1
        return ready.map { $0 < asked.count ? asked[$0] : self.attempts.count }
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
