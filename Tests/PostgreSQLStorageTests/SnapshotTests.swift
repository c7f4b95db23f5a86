import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

/// A snapshot held by a dump, a replica's reader or a forgotten session prevents the clean-up of
/// every row version that it may want to see (PostgreSQL's manual, 25.1.2 "Recovering Disk Space").
@Suite(
    "Commits beside a snapshot that stays open",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct SnapshotTests {
    @Test("the reads of a commit do not grow with the number of earlier commits")
    func reads() async throws {
        try await ScratchSchema.with { schema in
            let writer = try Replicas.engine(schema.url).openWriter()
            let snapshot = try PostgreSQLSession.open(try PostgreSQLAddress(schema.url))
            try snapshot.ask([
                .direct("BEGIN ISOLATION LEVEL REPEATABLE READ"),
                .direct("SELECT count(*) FROM entries"),
            ])
            try Self.commit(1...40, to: writer)
            let before = try Self.pagesRead(schema)
            try Self.commit(41...400, to: writer)
            let after = try Self.pagesRead(schema)
            #expect(!before.isEmpty)
            for (statement, pages) in before {
                // Index trees grow by a level at times.
                #expect(after[statement, default: 0] <= pages + 3, "\(statement): \(pages) before")
            }
            try snapshot.ask([.direct("COMMIT")])
        }
    }

    @Test("checkpoints are written at intervals, and balances are right at each entry around them")
    func checkpoints() async throws {
        try await ScratchSchema.with { schema in
            let engine = Replicas.engine(schema.url)
            let (writer, other) = (try engine.openWriter(), try engine.openWriter())
            let euro = try Currency(code: "EUR")
            let interval = Int(JournalSchema.checkpointEntries)
            try Self.commit(1...interval - 1, to: writer, size: 512)
            #expect(try schema.run("SELECT count(*)::text FROM checkpoints") == ["0"])
            for number in interval...interval + 2 {
                // The other journal wrote the entry before this one.
                try Self.commit(
                    number...number,
                    to: number.isMultiple(of: 2) ? writer : other
                )
                let balance = try writer.balance(of: .merchant, in: euro)
                #expect(balance == Balance(credits: Int64(number) * 1_000))
            }
            #expect(try schema.run("SELECT DISTINCT sequence::text FROM checkpoints") == ["1024"])
            guard case .whole(let report) = JournalAudit.run(writer) else {
                Issue.record("\(JournalAudit.run(writer))")
                return
            }
            #expect(report.entries == UInt64(interval) + 2)
        }
    }

    private static func commit(
        _ numbers: ClosedRange<Int>,
        to writer: any JournalConnection,
        size: Int = 1
    ) throws {
        for start in stride(from: numbers.lowerBound, through: numbers.upperBound, by: size) {
            let batch = try (start...min(start + size - 1, numbers.upperBound)).map {
                JournalWrite.capture(try Fixture.capture("pay_\($0)"))
            }
            _ = try writer.commit(batch)
        }
    }

    /// The pages that each statement of a commit reads.
    private static func pagesRead(_ schema: ScratchSchema) throws -> [String: Int] {
        let session = try PostgreSQLSession.open(try PostgreSQLAddress(schema.url))
        try session.settle()
        let last = try session.texts("SELECT sequence::text FROM head").first ?? "0"
        let statements: [(JournalStatement, String)] = [
            (.lockJournal, ""), (.heads, "(\(last))"), (.bookedSince, "(\(last))"),
            (.capturesByID, "('{pay_x}', '{}')"), (.tailsOfPayments, "('{pay_x}', '{}')"),
        ]
        var pages: [String: Int] = [:]
        for (statement, arguments) in statements {
            let name = statement.rawValue
            let plan = try session.ask([
                .direct("PREPARE \"\(name)\" AS \(statement.sql)"),
                .direct("EXPLAIN (ANALYZE, BUFFERS) EXECUTE \"\(name)\"\(arguments)"),
            ])[1]
            let lines = (0..<plan.rowCount).map { plan.text($0, 0) }
            // The first such line belongs to the whole plan.
            let buffers = lines.first { $0.contains("Buffers: shared") } ?? ""
            pages[name] = buffers.split(whereSeparator: { " =".contains($0) })
                .compactMap { Int($0) }.reduce(0, +)
        }
        return pages
    }
}
