import Domain
import PostgreSQLTestSupport
import StorageCore
import Synchronization
import Testing

@testable import PostgreSQLStorage

/// Simulates a failover to a standby without the last entries.
@Suite(
    "A database that lost acknowledged entries",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct LossTests {
    /// A running journal with its statuses and its watermark.
    private struct Working {
        let schema: ScratchSchema
        let journal: GroupCommitJournal
        var statuses: AsyncStream<JournalStatus>.Iterator
        let file: Mark

        /// The reason of the next refusal.
        mutating func refusal() async -> String {
            while let status = await self.statuses.next(isolation: #isolation) {
                if case .refused(let reason) = status { return reason }
            }
            return "there are no more reports"
        }

        mutating func ready() async {
            while let status = await self.statuses.next(isolation: #isolation), status != .ready {}
        }
    }

    private final class Mark: Sendable {
        let head = Mutex(JournalHead.empty)

        var store: WatermarkStore {
            WatermarkStore(
                read: { self.head.withLock { $0 } },
                write: { head in self.head.withLock { $0 = head } }
            )
        }
    }

    private static func journal(_ schema: ScratchSchema, _ mark: Mark?) -> GroupCommitJournal {
        GroupCommitJournal(
            Replicas.engine(schema.url),
            writing: nil,
            reading: nil,
            watermark: mark?.store
        )
    }

    /// Runs `body` with a journal that acknowledged three captures.
    private static func with(_ body: (inout Working) async throws -> Void) async throws {
        try await ScratchSchema.with { schema in
            let mark = Mark()
            try await self.work(self.journal(schema, mark), schema, mark) { working in
                await working.ready()
                for number in 1...3 {
                    _ = try await working.journal.append(try Fixture.capture("pay_\(number)"))
                }
                try await body(&working)
            }
        }
    }

    private static func work(
        _ journal: GroupCommitJournal,
        _ schema: ScratchSchema,
        _ mark: Mark,
        _ body: (inout Working) async throws -> Void
    ) async throws {
        let (statuses, reporter) = AsyncStream.makeStream(of: JournalStatus.self)
        let work = Task { await journal.run { reporter.yield($0) } }
        var working = Working(
            schema: schema,
            journal: journal,
            statuses: statuses.makeAsyncIterator(),
            file: mark
        )
        let failure: (any Error)?
        do {
            try await body(&working)
            failure = nil
        } catch { failure = error }
        work.cancel()
        await work.value
        if let failure { throw failure }
    }

    /// Removes the last entry.
    private static func lose(_ schema: ScratchSchema) throws {
        try schema.run(
            "ALTER TABLE entries DISABLE TRIGGER entries_stay",
            "DELETE FROM entries WHERE sequence = 3",
            "ALTER TABLE entries ENABLE TRIGGER entries_stay"
        )
    }

    @Test(
        "a journal that lost its tail is refused, in this process and, through the file, in the next"
    )
    func lostTail() async throws {
        try await Self.with { working in
            let acknowledged = working.file.head.withLock { $0 }
            #expect(acknowledged.sequence == 3)
            try Self.lose(working.schema)
            try working.schema.killSessions()
            _ = try? await working.journal.append(try Fixture.capture("pay_4"))
            let advice = "accept-loss --sequence 3 --hash \(acknowledged.hash)"
            #expect(await working.refusal().contains(advice))
            let later = Self.journal(working.schema, working.file)
            try await Self.work(later, working.schema, working.file) { later in
                #expect(await later.refusal().contains(advice))
            }
            #expect(try working.schema.run("SELECT count(*)::text FROM entries") == ["2"])
        }
    }

    @Test("a second history is refused, of equal length or longer")
    func secondHistory() async throws {
        try await Self.with { working in
            try Self.lose(working.schema)
            let stranger = try Replicas.engine(working.schema.url).openWriter()
            _ = try stranger.commit([
                .capture(try Fixture.capture("pay_a")), .capture(try Fixture.capture("pay_b")),
            ])
            try working.schema.killSessions()
            _ = try? await working.journal.append(try Fixture.capture("pay_4"))
            #expect(await working.refusal().contains("entry 3"))
        }
    }

    @Test("a session moved to another history commits nothing")
    func movedSession() async throws {
        try await Self.with { working in
            try Self.lose(working.schema)
            await #expect(throws: JournalError.unavailable) {
                _ = try await working.journal.append(try Fixture.capture("pay_4"))
            }
            #expect(await working.refusal().contains("entry 3"))
            #expect(try working.schema.run("SELECT count(*)::text FROM entries") == ["2"])
        }
    }

    @Test("an accepted loss lets ledgers continue, and stays recorded")
    func accepted() async throws {
        try await Self.with { working in
            let acknowledged = working.file.head.withLock { $0 }
            let engine = Replicas.engine(working.schema.url)
            #expect(try !engine.accept(lossOf: acknowledged), "nothing was lost")
            try Self.lose(working.schema)
            try working.schema.killSessions()
            _ = try? await working.journal.append(try Fixture.capture("pay_4"))
            _ = await working.refusal()
            #expect(try engine.accept(lossOf: acknowledged))
            await working.ready()
            _ = try await working.journal.insist(try Fixture.capture("pay_4"))
            let kept = "SELECT sequence || ' ' || head || ' ' || (accepted_at <= now()) FROM losses"
            #expect(try working.schema.run(kept) == ["3 2 true"])
            #expect(working.file.head.withLock { $0.sequence } == 3)
            #expect(working.file.head.withLock { $0 } != acknowledged)
        }
    }
}
