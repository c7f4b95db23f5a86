import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite(
    "Journals of an earlier version",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct MigrationTests {
    /// Makes a journal as version 1 wrote it, with two captures and a refund.
    private static func writeFirstVersion(_ schema: ScratchSchema) throws {
        let session = try PostgreSQLSession.open(try PostgreSQLAddress(schema.url))
        try session.ask(JournalSchema.migrations(in: schema.name)[0].map { .direct($0) })
        var decider = BatchDecider(after: .empty, TrialBalance(), Replicas.chainer)
        _ = try decider.decide(try Fixture.capture("pay_1", 1_000), earlier: nil)
        _ = try decider.decide(try Fixture.capture("pay_2", 500), earlier: nil)
        _ = try decider.decide(
            try Fixture.refund("ref_1", of: "pay_2", 200),
            earlier: nil,
            payment: nil
        )
        try session.ask([
            .prepare(.insertEntries),
            .execute(.insertEntries, EntryRow.parameters(decider.rows)),
            .direct(
                """
                INSERT INTO balances VALUES ('EUR', 'clearing:CARD', 1500, 200),
                    ('EUR', 'clearing:WALLET', 0, 0), ('EUR', 'clearing:BANK', 0, 0),
                    ('EUR', 'merchant', 200, 1500)
                """
            ),
            .direct(
                """
                UPDATE head SET sequence = 3, hash = decode('\(decider.head.hash)', 'hex')
                """
            ),
            .direct("UPDATE journal SET version = 1"),
        ])
    }

    @Test("a journal of version 1 is migrated completely and continues")
    func first() async throws {
        try await ScratchSchema.with { schema in
            try Self.writeFirstVersion(schema)
            let writer = try Replicas.engine(schema.url).openWriter()
            let euro = try Currency(code: "EUR")
            let merchant = try writer.balance(of: .merchant, in: euro)
            #expect(merchant == Balance(debits: 200, credits: 1_500))
            let answers = try writer.commit([
                .capture(try Fixture.capture("pay_1", 1_000)),
                .capture(try Fixture.capture("pay_3", 1)),
            ])
            guard case .capture(.alreadyRecorded(let first)) = try answers[0].get(),
                case .capture(.recorded(let fourth)) = try answers[1].get()
            else {
                Issue.record("\(answers)")
                return
            }
            #expect(first.sequence == 1 && fourth.sequence == 4)
            guard case .whole(let report) = JournalAudit.run(writer) else {
                Issue.record("\(JournalAudit.run(writer))")
                return
            }
            #expect(report.entries == 4 && report.refunds == 1)
        }
    }

    @Test("a journal of version 1 without its last entry is refused and left unchanged")
    func lostTail() async throws {
        try await ScratchSchema.with { schema in
            try Self.writeFirstVersion(schema)
            try schema.run(
                "ALTER TABLE entries DISABLE TRIGGER entries_stay",
                "DELETE FROM entries WHERE sequence = 3"
            )
            let error = #expect(throws: JournalOpenError.self) {
                _ = try Replicas.engine(schema.url).openWriter()
            }
            guard case .refused(let reason) = error else {
                Issue.record("it was not refused: \(error as Any)")
                return
            }
            #expect(reason.contains("restore a backup"), "\(reason)")
            #expect(try schema.run("SELECT version::text FROM journal") == ["1"])
        }
    }
}
