package import Domain
package import StorageCore

/// A journal in a PostgreSQL database, or in an engine that speaks its protocol.
///
/// Any number of processes may write to it. Commits are as durable as the server makes them:
/// `synchronous_commit` is never less than `on`.
package struct PostgreSQLJournalEngine: JournalEngine {
    private let url: String
    private let chainer: EntryChainer
    private let directory = ServerDirectory()
    private let pausing: @Sendable () async -> Void
    private let waiting: @Sendable (_ attempt: Int) async throws -> Void
    private let resolving: (@Sendable (_ name: String) async -> [String])?
    package let waitForProbe: (@Sendable () async -> Void)?
    /// The longest silence of a server during a request, in seconds.
    var answerSeconds = PostgreSQLLimits.answerSeconds

    /// - Parameters:
    ///   - url: The URL of the database (`postgresql://` or `postgres://`), with any options of libpq,
    ///     TLS included. Its password appears in no error.
    ///   - chainer: Chains new entries and verifies stored ones.
    ///   - pausing: Waits for as long as other processes' entries may stay unnoticed.
    ///   - waiting: Waits before the store is reopened.
    ///   - probing: Waits until the next check of an idle session; nil for no checks.
    ///   - resolving: Returns the numeric addresses of a name. Nil leaves it to libpq, which blocks as
    ///     long as the system's resolver.
    package init(
        url: String,
        chainer: EntryChainer,
        pausing: @escaping @Sendable () async -> Void,
        waiting: @escaping @Sendable (_ attempt: Int) async throws -> Void,
        probing: (@Sendable () async -> Void)? = nil,
        resolving: (@Sendable (_ name: String) async -> [String])? = nil
    ) {
        self.url = url
        self.chainer = chainer
        self.pausing = pausing
        self.waiting = waiting
        self.waitForProbe = probing
        self.resolving = resolving
    }

    /// Opens the connection that writes, and proves with a commit that it can.
    package func openWriter() throws(JournalOpenError) -> any JournalConnection {
        try self.open { address throws(PostgreSQLError) in
            let servers = self.directory.inTurn(self.directory.addresses(of: address.servers))
            let target = try address.target.forWriting(among: servers.count)
            let (session, server) = try self.session(with: servers, of: address, [target])
            try JournalSchema.install(in: session)
            let connection = try PostgreSQLJournalConnection(session, self.chainer)
            try connection.checkCommits()
            self.directory.writer = server
            return connection
        }
    }

    /// Opens a read-only connection to the writer's server.
    package func openReader() throws(JournalOpenError) -> any JournalConnection {
        try self.open { address throws(PostgreSQLError) in
            let servers = self.directory.addresses(of: address.servers)
            let writers = self.directory.writer.map { [$0] } ?? servers
            let target = try address.target.forWriting(among: servers.count)
            return try self.reader(self.session(with: writers, of: address, [target]).0)
        }
    }

    /// Opens a read-only connection to any server of `DATABASE_URL`, standbys included.
    package func openAnywhere() throws(JournalOpenError) -> any JournalConnection {
        try self.open { address throws(PostgreSQLError) in
            let targets = address.target.inTurn
            return try self.reader(self.session(with: address.servers, of: address, targets).0)
        }
    }

    /// Records permanently that the acknowledged entry `lost` is missing from the journal.
    ///
    /// Ledgers that acknowledged it continue without it.
    ///
    /// - Returns: False, without any change, if the journal holds the entry.
    package func accept(lossOf lost: JournalHead) throws(JournalOpenError) -> Bool {
        let writer = try self.openWriter()
        do throws(JournalError) {
            if try writer.holds(lost) { return false }
            try (writer as? PostgreSQLJournalConnection)?.accept(lossOf: lost)
            return true
        } catch {
            throw .unavailable(reason: "the loss cannot be recorded: \(error)")
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
                session.answerSeconds = self.answerSeconds
                session.servers = self.directory.addresses(of: address.servers)
                session.directory = self.directory
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
        return try PostgreSQLJournalConnection(session, self.chainer)
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
