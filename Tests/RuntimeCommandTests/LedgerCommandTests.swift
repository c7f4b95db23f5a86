import Foundation
import PostgreSQLTestSupport
import Testing

@Suite("runtime ledger", .timeLimit(.minutes(10)))
struct LedgerCommandTests {
    private static let books = """
        whole: 2 entries, 1 captures, 1 refunds
        """

    @Test("a journal in a folder outlives the process, and can be inspected during and after it")
    func folder() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "books-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let token = try await Customer.token()
        try await withRuntime(["--service", "all", "--data", folder], Self.environment) { process in
            let port = try await process.port(after: "gateway serves HTTP")
            try await Customer.expectPayment(port, token)
            try await Self.expectBooks("--data", folder)
            try await process.stop()
        }
        try await Self.expectBooks("--data", folder)
    }

    /// Expects that the books are whole, with one payment and its refund.
    static func expectBooks(_ option: String, _ place: String) async throws {
        let verified = try await Ending.of("ledger", "verify", option, place)
        #expect(verified.output.hasPrefix(Self.books), "\(verified)")
        #expect(verified.code == 0)
        let balances = try await Ending.of("ledger", "balances", option, place)
        #expect(balances.output.hasPrefix("currency account debits credits balance\nEUR "))
        let entries = try await Ending.of("ledger", "entries", option, place, "--after", "1")
        #expect(entries.output.split(separator: "\n").count == 1)
    }

    /// No location of the journal, unless a test adds one.
    static let environment = {
        var environment = Deployment.environment
        environment["LEDGER_DATA"] = nil
        return environment
    }()

    @Suite(
        "on PostgreSQL",
        .timeLimit(.minutes(10)),
        .enabled(if: TestServer.isThere, Comment(rawValue: TestServer.absence))
    )
    struct PostgreSQLTests {
        @Test("two ledgers share a database, and a payment is made once")
        func shared() async throws {
            try await ScratchSchema.with { schema in
                var environment = LedgerCommandTests.environment
                environment["DATABASE_URL"] = schema.url
                let token = try await Customer.token()
                try await withRuntime(["--service", "all"], environment) { first in
                    try await withRuntime(["--service", "all"], environment) { second in
                        let port = try await first.port(after: "gateway serves HTTP")
                        try await Customer.expectPayment(port, token)
                        let other = try await second.port(after: "gateway serves HTTP")
                        let form = "order_id=123&amount=100"
                        let again = try await Customer.send(
                            "POST",
                            other,
                            "/pay",
                            form,
                            token: token
                        )
                        #expect(again.status == 200, "\(again.body)")
                        try await second.stop()
                    }
                    try await first.stop()
                }
                try await LedgerCommandTests.expectBooks("--database-url", schema.url)
            }
        }

        @Test("a database that lost an acknowledged entry is refused until the loss is accepted")
        func lost() async throws {
            let file = FileManager.default.temporaryDirectory.appending(path: "mark-\(UUID())").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            try await ScratchSchema.with { schema in
                var environment = LedgerCommandTests.environment
                environment["DATABASE_URL"] = schema.url
                environment["LEDGER_WATERMARK"] = file
                try await Self.serve(environment) { port in
                    try await Customer.expectPayment(port, try await Customer.token())
                }
                let line = try String(contentsOfFile: file, encoding: .utf8)
                #expect(line.hasPrefix("florin-watermark 00000000000000000002 "), "\(line)")
                let verify = [
                    "ledger", "verify", "--watermark", file, "--database-url", schema.url,
                ]
                #expect(try await Ending.of(all: verify).code == 0)
                try schema.run(
                    "ALTER TABLE entries DISABLE TRIGGER entries_stay",
                    "DELETE FROM entries WHERE sequence = 2",
                    "ALTER TABLE entries ENABLE TRIGGER entries_stay"
                )
                let verified = try await Ending.of(all: verify)
                #expect(verified.code == 2 && verified.errors.contains("entry 2"), "\(verified)")
                let refused = try await Ending.of("--service", "all", environment: environment)
                let hash = line.split(separator: " ").last.map { $0.dropLast() } ?? ""
                let accept = ["accept-loss", "--sequence", "2", "--hash", String(hash)]
                #expect(refused.code == 78, "\(refused)")
                #expect(refused.errors.contains(accept.joined(separator: " ")), "\(refused)")
                let accepted = try await Ending.of(
                    all: ["ledger"] + accept + ["--database-url", schema.url]
                )
                #expect(accepted.code == 0, "\(accepted)")
                try await Self.serve(environment) { _ in }
                #expect(try schema.run("SELECT sequence::text FROM losses") == ["2"])

                try "florin-watermark 2\n".write(toFile: file, atomically: false, encoding: .utf8)
                let damaged = try await Ending.of("--service", "all", environment: environment)
                #expect(damaged.code == 78 && damaged.errors.contains("is damaged"), "\(damaged)")
            }
        }

        private static func serve(
            _ environment: [String: String],
            _ body: (Int) async throws -> Void
        ) async throws {
            try await withRuntime(["--service", "all"], environment) { process in
                try await body(try await process.port(after: "gateway serves HTTP"))
                try await process.stop()
            }
        }
    }
}
