import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite(
    "A primary that falls silent",
    // Two servers for each: one at a time.
    .serialized,
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct FailoverTests {
    /// A silence that no test waits for.
    private static let ages: Int32 = 3_600

    private static func journal(_ cluster: ScratchCluster) -> GroupCommitJournal {
        var engine = Replicas.engine(cluster.url)
        engine.answerSeconds = self.ages
        return GroupCommitJournal(engine, writing: nil, reading: nil)
    }

    /// A session with the primary, as journals have them.
    private static func session(
        _ cluster: ScratchCluster,
        _ url: String
    ) throws -> PostgreSQLSession {
        let session = try PostgreSQLSession.open(
            try PostgreSQLAddress(cluster.url(of: cluster.primary))
        )
        session.servers = try PostgreSQLAddress(url).servers
        session.directory = ServerDirectory()
        return session
    }

    @Test("a payment that it was not asked to commit is made by the one that is promoted")
    func payment() async throws {
        try await ScratchCluster.with { cluster in
            let journal = Self.journal(cluster)
            try await Replicas.run([journal]) {
                _ = try await journal.append(try Fixture.capture("pay_0"))
                try await cluster.awaitStandby()
                try await cluster.whileFrozen {
                    async let outcome = journal.append(try Fixture.capture("pay_1"))
                    try cluster.promote()
                    guard case .recorded = try await outcome else {
                        Issue.record("it was there before")
                        return
                    }
                    #expect(try await journal.entries(after: 0, limit: 9).count == 2)
                }
                let paid = try cluster.run("SELECT payment_id FROM entries", on: cluster.primary)
                #expect(paid == ["pay_0"])
            }
        }
    }

    @Test("a commit has no known outcome as soon as another one is promoted")
    func commit() async throws {
        try await ScratchCluster.with { cluster in
            let session = try Self.session(cluster, cluster.url)
            try session.ask([.direct("BEGIN"), .direct("CREATE TABLE t ()")])
            try await cluster.whileFrozen {
                try cluster.promote()
                let error = #expect(throws: PostgreSQLError.self) {
                    try session.ask([.direct("COMMIT")], patience: Self.ages)
                }
                #expect(error?.whileCommitting == .outcomeUnknown && error?.isSilence == false)
                #expect(error?.message.contains("was promoted in its place") == true)
                #expect(session.directory?.writer?.host == cluster.standby)
            }
        }
    }

    @Test("one that merely is slow is waited for, whatever else the URL names")
    func slow() async throws {
        try await ScratchCluster.with { cluster in
            // Longer than it takes to ask the others twice.
            let question = "SELECT pg_sleep(2.5), 'done'"
            for hosts in [cluster.url, cluster.url(of: cluster.primary)] {
                let answer = try Self.session(cluster, hosts).ask([.direct(question)])
                #expect(answer[0].text(0, 1) == "done")
            }
        }
    }

    @Test("one that works on in vain is given up, and not by those that know no other")
    func divided() async throws {
        try await ScratchCluster.with { cluster in
            let (session, alone) = (
                try Self.session(cluster, cluster.url), try Self.session(cluster, cluster.url)
            )
            alone.servers = []
            try cluster.promote()
            #expect(throws: PostgreSQLError.self) {
                try session.ask([.direct("SELECT pg_sleep(600)")], patience: Self.ages)
            }
            #expect(try alone.ask([.direct("SELECT pg_sleep(2.5)")]).count == 1)
        }
    }
}
