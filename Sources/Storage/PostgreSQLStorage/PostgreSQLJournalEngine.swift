package import Domain
package import StorageCore

/// A journal in a database of PostgreSQL, or of an engine that speaks its protocol; any number of
/// processes may write to it.
///
/// Commits are as durable as the server makes them: `synchronous_commit` is never off.
package struct PostgreSQLJournalEngine: JournalEngine {
    private let url: String
    private let sealer: EntrySealer
    private let pausing: @Sendable () async -> Void
    private let waiting: @Sendable (_ attempt: Int) async throws -> Void

    /// - Parameters:
    ///   - url: Where the database is (`postgresql://` or `postgres://`); everything that libpq
    ///     knows may be in it, TLS too. It may hold a password, which no reason shows.
    ///   - sealer: Seals entries, and checks those that are read.
    ///   - pausing: Waits as long as entries of other processes may stay unseen.
    ///   - waiting: Waits before the store is opened again.
    package init(
        url: String,
        sealer: EntrySealer,
        pausing: @escaping @Sendable () async -> Void,
        waiting: @escaping @Sendable (_ attempt: Int) async throws -> Void
    ) {
        self.url = url
        self.sealer = sealer
        self.pausing = pausing
        self.waiting = waiting
    }

    package func openWriter() throws(JournalOpenError) -> any JournalConnection {
        try self.open { session throws(PostgreSQLError) in
            try JournalSchema.install(in: session)
        }
    }

    package func openReader() throws(JournalOpenError) -> any JournalConnection {
        try self.open { session throws(PostgreSQLError) in
            try session.ask([.direct("SET default_transaction_read_only = on")])
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

    package func waitBeforeReopening(_ attempt: Int) async throws {
        try await self.waiting(attempt)
    }

    package var waitForOthers: (@Sendable () async -> Void)? { self.pausing }

    private func open(
        _ prepare: (PostgreSQLSession) throws(PostgreSQLError) -> Void
    ) throws(JournalOpenError) -> any JournalConnection {
        var place = "the journal's database"
        do throws(PostgreSQLError) {
            let address = try PostgreSQLAddress(self.url)
            place = address.place
            let session = try PostgreSQLSession.open(address)
            try session.ask(PostgreSQLLimits.statements.map { .direct($0) })
            try prepare(session)
            return try PostgreSQLJournalConnection(session, self.sealer)
        } catch {
            throw error.whileOpening(place)
        }
    }
}
