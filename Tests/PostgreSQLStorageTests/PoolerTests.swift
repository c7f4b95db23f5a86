import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite(
    "A journal behind PgBouncer",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct PoolerTests {
    @Test(
        "it works with shared sessions, and leaves nothing in them",
        arguments: ["session", "transaction"]
    )
    func pooled(_ mode: String) async throws {
        try await ScratchServer.with { server in
            try await TestPooler.with(mode: mode, server) { folder in
                let url = "postgresql:///postgres?host=\(folder)&user=postgres"
                let journals = (0..<2).map { _ in Replicas.journal(url) }
                // A session for each journal's writer and reader would exceed the pool.
                let used = mode == "session" ? 1 : 2
                try await Replicas.run(Array(journals.prefix(used))) {
                    for index in 0..<40 {
                        let journal = journals[index % used]
                        _ = try await journal.append(try Fixture.capture("pay_\(index)"))
                        let refund = try Fixture.refund("ref_\(index)", of: "pay_\(index)", 400)
                        _ = try await journal.append(refund)
                        let history = try await journal.history(of: try PaymentID("pay_\(index)"))
                        #expect(history?.remaining == 600)
                    }
                    #expect(try await journals[0].entries(after: 0, limit: 99).count == 80)
                }
                for _ in 0..<4 { try self.expectClean(url) }
            }
        }
    }

    /// Requires that another client's session has the server's own settings.
    private func expectClean(_ url: String) throws {
        let found = try TestSession.run(
            [
                """
                SELECT concat_ws(' ', current_setting('statement_timeout'),
                    current_setting('default_transaction_read_only'),
                    current_setting('search_path'), current_setting('enable_seqscan'),
                    (SELECT count(*) FROM pg_prepared_statements),
                    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'))
                """
            ],
            url
        )
        #expect(found == ["0 off \"$user\", public on 0 0"])
    }

    @Test("a pooler without transactions is refused with a reason")
    func statements() async throws {
        try await ScratchServer.with { server in
            try await TestPooler.with(mode: "statement", server) { folder in
                let url = "postgresql:///postgres?host=\(folder)&user=postgres"
                try await Replicas.statuses(of: Replicas.journal(url)) { statuses in
                    var refusal: String?
                    while refusal == nil, let status = await statuses.next() {
                        #expect(!status.answers)
                        if case .refused(let reason) = status { refusal = reason }
                    }
                    let words = "needs its mode session or transaction"
                    #expect(refusal?.contains(words) == true, "\(refusal ?? "")")
                }
            }
        }
    }
}
