import Domain
import PostgreSQLTestSupport
import StorageCore
import Synchronization
import Testing

@testable import PostgreSQLStorage

/// A commit that is cancelled or interrupted while it waits exists on the primary, and perhaps
/// nowhere else (PostgreSQL's manual, 27.2.8 "Synchronous Replication").
@Suite(
    "Acknowledgements while a synchronous standby is unreachable",
    // Each test needs the server for itself.
    .serialized,
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct StandbyTests {
    /// Session options that would weaken commits or hide the server's warnings.
    private static let careless = [
        "", "%20-csynchronous_commit%3Dlocal", "%20-csynchronous_commit%3Doff",
        "%20-csynchronous_commit%3Dremote_write%20-cclient_min_messages%3Derror",
    ]

    /// The URL of the schema with further options.
    private static func url(_ schema: ScratchSchema, _ options: String) -> String {
        schema.url.replacing("&application_name", with: "\(options)&application_name")
    }

    /// Runs `body` with a journal that holds `pay_0`, on a server whose standby is unreachable.
    private static func withoutStandby(
        _ options: String = "",
        _ body: (ScratchServer, ScratchSchema, GroupCommitJournal) async throws -> Void
    ) async throws {
        try await ScratchServer.with { server in
            try await ScratchSchema.with(on: server.url) { schema in
                let engine = Replicas.engine(self.url(schema, options))
                let journal = GroupCommitJournal(engine, writing: nil, reading: nil)
                try await Replicas.run([journal]) {
                    _ = try await journal.append(try Fixture.capture("pay_0"))
                    try await server.awaitStandby()
                    defer { try? server.releaseStandby() }
                    try await body(server, schema, journal)
                }
            }
        }
    }

    @Test("a commit whose wait is cancelled has an unknown outcome", arguments: careless)
    func cancelled(_ options: String) async throws {
        try await Self.withoutStandby(options) { server, schema, journal in
            let waiting = Waiting { try await journal.append(try Fixture.capture()) }
            #expect(try await waiting.reachesStandby(server, schema))
            try waiting.endWait(server, schema)
            await #expect(throws: JournalError.outcomeUnknown) { _ = try await waiting.value() }
            #expect(try schema.run("SELECT count(*)::text FROM entries") == ["2"])
        }
    }

    @Test("a commit whose connection ends while it waits has an unknown outcome")
    func terminated() async throws {
        try await Self.withoutStandby { server, schema, journal in
            let waiting = Waiting { try await journal.append(try Fixture.capture()) }
            #expect(try await waiting.reachesStandby(server, schema))
            try waiting.endWait(server, schema, by: "pg_terminate_backend")
            await #expect(throws: JournalError.outcomeUnknown) { _ = try await waiting.value() }
        }
    }

    @Test("a commit whose server silently stops waiting for standbys has an unknown outcome")
    func abandoned() async throws {
        try await Self.withoutStandby { server, schema, journal in
            let waiting = Waiting { try await journal.append(try Fixture.capture()) }
            #expect(try await waiting.reachesStandby(server, schema))
            try server.releaseStandby()
            await #expect(throws: JournalError.outcomeUnknown) { _ = try await waiting.value() }
            _ = try await journal.insist(try Fixture.capture())
        }
    }

    @Test("a replay, and a conflict with an entry that no standby has, wait like a commit")
    func replays() async throws {
        try await Self.withoutStandby { server, schema, journal in
            try await self.loseSight(of: "pay_1", journal, server, schema)
            for amount in [1_000, 7] as [Int64] {
                let again = Waiting {
                    try await journal.insist(try Fixture.capture("pay_1", amount))
                }
                #expect(try await again.reachesStandby(server, schema))
                try server.releaseStandby()
                switch try await again.value() {
                case .alreadyRecorded: #expect(amount == 1_000)
                case .conflict(let field): #expect(amount == 7 && field == "amount")
                case .recorded: Issue.record("it was recorded twice")
                }
                try await server.awaitStandby()
            }
        }
    }

    @Test("no reader sees an entry that no standby has")
    func reads() async throws {
        try await Self.withoutStandby { server, schema, journal in
            try await self.loseSight(of: "pay_1", journal, server, schema)
            let waiting = (0..<3).map { kind in
                Waiting { try await Self.reads("pay_1", kind, in: journal) }
            }
            #expect(try await waiting[0].reachesStandby(server, schema))
            try server.releaseStandby()
            for one in waiting { #expect(try await one.value()) }
        }
    }

    /// Repeats a read as callers do, until it is answered.
    ///
    /// - Returns: True if the answer contains the payment.
    private static func reads(
        _ payment: String,
        _ kind: Int,
        in journal: GroupCommitJournal
    ) async throws -> Bool {
        while true {
            do {
                switch kind {
                case 0: return try await journal.history(of: try PaymentID(payment)) != nil
                case 1: return try await journal.entries(after: 1, limit: 9).count == 1
                default:
                    let euro = try Currency(code: "EUR")
                    return try await journal.balance(of: .merchant, in: euro).credits == 2_000
                }
            } catch let error as JournalError {
                guard error == .unavailable else { throw error }
                // The journal that is being reopened needs a thread.
                await Task.yield()
            }
        }
    }

    @Test("a server whose commits stop waiting changes nothing for open sessions")
    func reloaded() async throws {
        try await Self.withoutStandby { server, schema, journal in
            try server.set("synchronous_commit", to: "off")
            let waiting = Waiting { try await journal.insist(try Fixture.capture()) }
            #expect(try await waiting.reachesStandby(server, schema))
            try server.releaseStandby()
            _ = try await waiting.value()
        }
    }

    /// Commits a capture on the primary alone.
    private func loseSight(
        of id: String,
        _ journal: GroupCommitJournal,
        _ server: ScratchServer,
        _ schema: ScratchSchema
    ) async throws {
        let waiting = Waiting { try await journal.append(try Fixture.capture(id)) }
        #expect(try await waiting.reachesStandby(server, schema))
        try waiting.endWait(server, schema)
        await #expect(throws: JournalError.outcomeUnknown) { _ = try await waiting.value() }
    }
}

/// A request to a journal that may wait for a standby.
private final class Waiting<Answer: Sendable>: Sendable {
    private final class End: Sendable {
        let isReached = Mutex(false)
    }

    private let task: Task<Answer, any Error>
    private let end: End

    init(_ ask: @escaping @Sendable () async throws -> Answer) {
        let end = End()
        self.end = end
        self.task = Task {
            defer { end.isReached.withLock { $0 = true } }
            return try await ask()
        }
    }

    func value() async throws -> Answer { try await self.task.value }

    /// Returns false if the request was answered without waiting.
    func reachesStandby(_ server: ScratchServer, _ schema: ScratchSchema) async throws -> Bool {
        while try self.waits(server, schema).isEmpty {
            if self.end.isReached.withLock({ $0 }) { return false }
            // The journal needs a thread.
            await Task.yield()
        }
        return true
    }

    func endWait(
        _ server: ScratchServer,
        _ schema: ScratchSchema,
        by function: String = "pg_cancel_backend"
    ) throws {
        for process in try self.waits(server, schema) {
            try server.run("SELECT \(function)(\(process))::text")
        }
    }

    /// The processes that wait for a standby.
    private func waits(_ server: ScratchServer, _ schema: ScratchSchema) throws -> [String] {
        try server.run(
            """
            SELECT pid::text FROM pg_stat_activity
            WHERE wait_event = 'SyncRep' AND application_name = '\(schema.name)'
            """
        )
    }
}
