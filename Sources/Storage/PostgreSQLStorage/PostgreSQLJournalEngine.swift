package import Domain
package import StorageCore

/// A journal in a database of PostgreSQL, or of an engine that speaks its protocol; any number of
/// processes may write to it.
///
/// Commits are as durable as the server makes them: `synchronous_commit` is never less than `on`.
package struct PostgreSQLJournalEngine: JournalEngine {
    private let url: String
    private let sealer: EntrySealer
    private let directory = ServerDirectory()
    private let pausing: @Sendable () async -> Void
    private let waiting: @Sendable (_ attempt: Int) async throws -> Void
    private let resolving: (@Sendable (_ name: String) async -> [String])?
    package let waitForProbe: (@Sendable () async -> Void)?

    /// - Parameters:
    ///   - url: Where the database is (`postgresql://` or `postgres://`); everything that libpq
    ///     knows may be in it, TLS too. It may hold a password, which no reason shows.
    ///   - sealer: Seals entries, and checks those that are read.
    ///   - pausing: Waits as long as entries of other processes may stay unseen.
    ///   - waiting: Waits before the store is opened again.
    ///   - probing: Waits until an idle session is looked at; without it, none is.
    ///   - resolving: Finds every address of a name, in numbers, or none; without it libpq does,
    ///     which blocks as long as the system's resolver.
    package init(
        url: String,
        sealer: EntrySealer,
        pausing: @escaping @Sendable () async -> Void,
        waiting: @escaping @Sendable (_ attempt: Int) async throws -> Void,
        probing: (@Sendable () async -> Void)? = nil,
        resolving: (@Sendable (_ name: String) async -> [String])? = nil
    ) {
        self.url = url
        self.sealer = sealer
        self.pausing = pausing
        self.waiting = waiting
        self.waitForProbe = probing
        self.resolving = resolving
    }

    /// Opens the connection that writes; it has committed once.
    package func openWriter() throws(JournalOpenError) -> any JournalConnection {
        try self.open { address throws(PostgreSQLError) in
            let servers = self.directory.addresses(of: address.servers)
            let target = try address.target.forWriting(among: servers.count)
            let (session, server) = try self.session(with: servers, of: address, [target])
            try JournalSchema.install(in: session)
            let connection = try PostgreSQLJournalConnection(session, self.sealer)
            try connection.checkCommits()
            self.directory.writer = server
            return connection
        }
    }

    /// Opens a connection that reads where the writer writes.
    package func openReader() throws(JournalOpenError) -> any JournalConnection {
        try self.open { address throws(PostgreSQLError) in
            let servers = self.directory.addresses(of: address.servers)
            let writers = self.directory.writer.map { [$0] } ?? servers
            let target = try address.target.forWriting(among: servers.count)
            return try self.reader(self.session(with: writers, of: address, [target]).0)
        }
    }

    /// Opens a connection that reads wherever `DATABASE_URL` leads, a standby too.
    package func openAnywhere() throws(JournalOpenError) -> any JournalConnection {
        try self.open { address throws(PostgreSQLError) in
            let targets = address.target.inTurn
            return try self.reader(self.session(with: address.servers, of: address, targets).0)
        }
    }

    /// Writes down for good that the entry of `lost`, which was acknowledged, is not in the journal:
    /// ledgers that acknowledged it go on with what is there.
    ///
    /// - Returns: false, and nothing is written down, when the journal holds the entry.
    package func accept(lossOf lost: JournalHead) throws(JournalOpenError) -> Bool {
        let writer = try self.openWriter()
        do throws(JournalError) {
            if try writer.holds(lost) { return false }
            try (writer as? PostgreSQLJournalConnection)?.accept(lossOf: lost)
            return true
        } catch {
            throw .unavailable(reason: "the loss could not be written down: \(error)")
        }
    }

    package func settle(_ work: JournalWork) async {}

    package func locate() async {
        guard let resolving, let address = try? PostgreSQLAddress(self.url) else { return }
        for name in Set(address.servers.compactMap(\.name)).sorted() {
            self.directory.found(await resolving(name), of: name)
        }
    }

    package func waitBeforeReopening(_ attempt: Int) async throws {
        try await self.waiting(attempt)
    }

    package var waitForOthers: (@Sendable () async -> Void)? { self.pausing }
}

extension PostgreSQLJournalEngine {
    private func session(
        with servers: [PostgreSQLServer],
        of address: PostgreSQLAddress,
        _ targets: [SessionTarget]
    ) throws(PostgreSQLError) -> (PostgreSQLSession, PostgreSQLServer) {
        var failure: PostgreSQLError?
        for target in targets {
            do throws(PostgreSQLError) {
                var race = ConnectionRace(address, servers, target)
                let (session, server) = try race.run()
                try session.settle()
                return (session, server)
            } catch {
                failure = error
            }
        }
        throw failure ?? .refused("DATABASE_URL names no server")
    }

    private func reader(
        _ session: PostgreSQLSession
    ) throws(PostgreSQLError) -> any JournalConnection {
        session.isReadOnly = true
        if !session.isShared {
            try session.ask([.direct("SET default_transaction_read_only = on")])
        }
        return try PostgreSQLJournalConnection(session, self.sealer)
    }

    private func open(
        _ connect: (PostgreSQLAddress) throws(PostgreSQLError) -> any JournalConnection
    ) throws(JournalOpenError) -> any JournalConnection {
        var place = "the journal's database"
        do throws(PostgreSQLError) {
            let address = try PostgreSQLAddress(self.url)
            place = address.place
            return try connect(address)
        } catch {
            throw error.whileOpening(place)
        }
    }
}
