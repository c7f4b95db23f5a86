import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite(
    "The tables of a journal in PostgreSQL",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct SchemaTests {
    private static let attacks: [(String, String)] = [
        ("UPDATE entries SET amount = 1", "never changed"),
        ("DELETE FROM entries", "never changed"),
        ("TRUNCATE entries", "never changed"),
        (copy("sequence + 2, payment_id || 'x', 0, NULL, amount, remaining"), "follows"),
        (copy("sequence + 1, payment_id || 'x', 0, NULL, amount, 5"), "all of a capture"),
        (copy("sequence + 1, payment_id, 1, 'ref_1', amount, amount"), "what remains"),
        (copy("sequence + 1, payment_id, 2, 'ref_1', amount, 0"), "what remains"),
        (copy("sequence + 1, payment_id, 0, NULL, amount, remaining"), "entries_payment_id"),
        (copy("sequence + 1, payment_id || 'x', 0, 'ref_1', amount, remaining"), "entries_check"),
        ("INSERT INTO checkpoints VALUES (1, 'EUR', 'merchant', 0, -1)", "credits"),
        ("UPDATE checkpoints SET credits = 1", "never changed"),
        ("DELETE FROM checkpoints", "never changed"),
        ("DELETE FROM losses", "never forgotten"),
        ("UPDATE balances SET credits = 1", "cannot update view"),
        ("UPDATE head SET sequence = 7", "cannot update view"),
    ]

    /// Inserts an entry that follows the only one, except for the given error.
    private static func copy(_ values: String) -> String {
        """
        INSERT INTO entries (sequence, payment_id, ordinal, refund_id, amount, remaining,
            recorded_at, debit, credit, currency, subject, previous, hash)
        SELECT \(values), recorded_at, debit, credit, currency, subject, hash, previous
        FROM entries
        """
    }

    @Test("the database itself refuses entries that no ledger writes", arguments: 0..<attacks.count)
    func guards(_ index: Int) async throws {
        let (sql, rule) = Self.attacks[index]
        try await Replicas.with(1) { schema, journals in
            _ = try await journals[0].append(try Fixture.capture())
            let error = #expect(throws: PostgreSQLError.self) { try schema.run(sql) }
            #expect(error?.message.contains(rule) == true, "\(error?.message ?? "")")
        }
    }

    @Test("replicas that start together create the tables once")
    func racingStarts() async throws {
        for _ in 0..<5 {
            try await Replicas.with(4) { schema, journals in
                for (index, journal) in journals.enumerated() {
                    _ = try await journal.append(try Fixture.capture("pay_\(index)"))
                }
                let versions = try schema.run("SELECT version::text FROM journal")
                #expect(versions == ["\(JournalSchema.version)"])
            }
        }
    }

    private static let refusals: [(String, String)] = [
        ("UPDATE journal SET version = 9", "version 9, and this program knows up to"),
        ("UPDATE journal SET application = 'x'", "table journal is of another application"),
        ("DROP TABLE journal", "tables are of another application"),
        ("ALTER TABLE entries DISABLE TRIGGER entries_stay", "enable them"),
        ("ALTER TABLE checkpoints DISABLE TRIGGER checkpoints_stay", "enable them"),
        ("INSERT INTO checkpoints VALUES (7, 'EUR', 'merchant', 0, 0)", "restore a backup"),
        ("ALTER TABLE entries SET UNLOGGED", "SET LOGGED"),
    ]

    @Test(
        "foreign tables are refused and left unchanged",
        arguments: 0..<refusals.count
    )
    func refused(_ index: Int) async throws {
        let (sql, reason) = Self.refusals[index]
        try await Replicas.with(1) { schema, journals in
            _ = try await journals[0].append(try Fixture.capture())
            try schema.run(sql)
            let engine = Replicas.engine(schema.url)
            let error = #expect(throws: JournalOpenError.self) { _ = try engine.openWriter() }
            guard case .refused(let words) = error else {
                Issue.record("it was not refused: \(error as Any)")
                return
            }
            #expect(words.contains(reason), "\(words)")
            #expect(try schema.run("SELECT count(*)::text FROM entries") == ["1"])
        }
    }

    @Test("a check of the store finds a refund without cover")
    func checks() async throws {
        try await Replicas.with(1) { schema, journals in
            _ = try await journals[0].append(try Fixture.capture())
            _ = try await journals[0].append(try Fixture.refund("ref_1", of: "pay_1", 400))
            let reader = try Replicas.engine(schema.url).openReader()
            let connection = try #require(reader as? PostgreSQLJournalConnection)
            #expect(try connection.checkStore() == nil)
            let movements = try connection.movements(after: 0, limit: 9)
            #expect(movements.map(\.amount) == [1_000, -400])
            #expect(movements.map(\.reference) == ["pay_1", "ref_1"])
            try schema.run(
                "ALTER TABLE entries DISABLE TRIGGER entries_stay",
                "UPDATE entries SET remaining = 1000 WHERE ordinal = 1",
                "ALTER TABLE entries ENABLE TRIGGER entries_stay"
            )
            #expect(try connection.checkStore() == "entry 2 takes more than what remained")
        }
    }

    @Test("balances that do not add up fail the commit, not the process")
    func unbalanced() async throws {
        try await Replicas.with(1) { schema, journals in
            _ = try await journals[0].append(try Fixture.capture())
            try schema.run("INSERT INTO checkpoints VALUES (1, 'EUR', 'merchant', 0, 5)")
            let connection = try Replicas.engine(schema.url).openWriter()
            #expect(throws: JournalError.corrupt(reason: "debits and credits differ")) {
                try connection.commit([.capture(try Fixture.capture("pay_2"))])
            }
        }
    }
}
