import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite(
    "The guards of a journal against any session",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct GuardTests {
    /// Inserts a capture that follows no entry.
    private static func strayEntry(in schema: String) -> String {
        """
        INSERT INTO \(schema).entries (sequence, payment_id, ordinal, refund_id, amount, remaining,
            recorded_at, debit, credit, currency, subject, previous, hash)
        SELECT 7, 'pay_7', 0, NULL, amount, remaining, recorded_at, debit, credit, currency,
            subject, hash, previous
        FROM \(schema).entries
        """
    }

    private static let sessions: [[String]] = [
        ["SET search_path = ''"],
        ["SET search_path = public"],
        ["SET session_replication_role = replica"],
        [
            "CREATE TEMPORARY TABLE entries (sequence bigint, hash bytea)",
            "INSERT INTO pg_temp.entries SELECT 6, hash FROM head",
        ],
    ]

    @Test("no session can insert an entry past them", arguments: 0..<sessions.count)
    func strayEntries(_ index: Int) async throws {
        try await Replicas.with(1) { schema, journals in
            _ = try await journals[0].append(try Fixture.capture())
            for (attack, rule) in [
                (Self.strayEntry(in: schema.name), "an entry follows the last one"),
                ("DELETE FROM \(schema.name).entries", "never taken out"),
            ] {
                let error = #expect(throws: PostgreSQLError.self) {
                    try schema.run(Self.sessions[index] + [attack])
                }
                #expect(error?.message.contains(rule) == true, "\(error?.message ?? "")")
            }
        }
    }

    @Test("a data-only restore without a search path restores the entries")
    func dataOnlyRestore() async throws {
        try await Replicas.with(1) { schema, journals in
            _ = try await journals[0].append(try Fixture.capture())
            _ = try await journals[0].append(try Fixture.refund("ref_1", of: "pay_1", 400))
            try await Replicas.with(1) { copy, _ in
                try copy.run([
                    "SET search_path = ''",
                    """
                    INSERT INTO \(copy.name).entries
                    SELECT * FROM \(schema.name).entries ORDER BY sequence
                    """,
                ])
                #expect(try copy.run("SELECT count(*)::text FROM entries") == ["2"])
            }
        }
    }

    @Test("the guards of an earlier version's journal are bound to their tables")
    func upgrade() async throws {
        try await ScratchSchema.with { schema in
            let first = JournalSchema.migrations(in: schema.name)[0]
            try schema.run(first + ["UPDATE journal SET version = 1"])
            let journal = GroupCommitJournal(
                Replicas.engine(schema.url),
                writing: nil,
                reading: nil
            )
            try await Replicas.run([journal]) {
                _ = try await journal.append(try Fixture.capture())
            }
            #expect(
                try schema.run("SELECT version::text FROM journal") == ["\(JournalSchema.version)"]
            )
            #expect(throws: PostgreSQLError.self) {
                try schema.run(Self.sessions[3] + [Self.strayEntry(in: schema.name)])
            }
        }
    }

    @Test("a renamed schema keeps its journal")
    func renamed() async throws {
        try await Replicas.with(1) { schema, journals in
            _ = try await journals[0].append(try Fixture.capture())
            let renamed = schema.renamed("\(schema.name)_b")
            try schema.run("ALTER SCHEMA \(schema.name) RENAME TO \(renamed.name)")
            defer { try? renamed.drop() }
            let journal = GroupCommitJournal(
                Replicas.engine(renamed.url),
                writing: nil,
                reading: nil
            )
            try await Replicas.run([journal]) {
                _ = try await journal.append(try Fixture.capture("pay_2"))
            }
            #expect(try renamed.run("SELECT count(*)::text FROM entries") == ["2"])
        }
    }

    @Test("an empty journal beside an existing one is refused")
    func secondJournal() async throws {
        try await Replicas.with(1) { first, _ in
            try await ScratchSchema.with(marked: false) { second in
                let engine = Replicas.engine(second.url)
                let error = #expect(throws: JournalOpenError.self) { _ = try engine.openWriter() }
                guard case .refused(let reason) = error else {
                    Issue.record("it was not refused: \(error as Any)")
                    return
                }
                #expect(reason.contains("has a journal, and search_path leads to"), "\(reason)")
                #expect(
                    try second.run(
                        "SELECT count(*)::text FROM pg_tables WHERE schemaname = '\(second.name)'"
                    ) == ["0"]
                )
                try second.mark()
                _ = try engine.openWriter()
            }
        }
    }

    @Test("text is UTF-8, whatever encoding the URL names")
    func encoding() async throws {
        try await ScratchSchema.with { schema in
            let url = "\(schema.url)&client_encoding=LATIN1"
            let journal = GroupCommitJournal(Replicas.engine(url), writing: nil, reading: nil)
            try await Replicas.run([journal]) {
                _ = try await journal.append(try Fixture.capture())
                _ = try await journal.append(try Fixture.refund("ref_1"))
            }
            let reason = try Fixture.refund("ref_1").reason.text
            #expect(try schema.run("SELECT reason FROM entries WHERE ordinal = 1") == [reason])
        }
    }
}
