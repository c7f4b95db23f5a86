import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite(
    "A journal is ready when it can commit",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct ReadinessTests {
    /// The error for a role without the rights that `statements` revoke.
    private func refusal(
        _ statements: (String) -> [String]
    ) async throws -> JournalOpenError? {
        var failure: JournalOpenError?
        try await Replicas.with(1) { schema, _ in
            let role = "role_\(schema.name)"
            try schema.run(
                [
                    "CREATE ROLE \(role) LOGIN", "GRANT USAGE ON SCHEMA \(schema.name) TO \(role)",
                    "GRANT ALL ON ALL TABLES IN SCHEMA \(schema.name) TO \(role)",
                ] + statements(role)
            )
            defer { _ = try? schema.run("DROP OWNED BY \(role)", "DROP ROLE \(role)") }
            let url = schema.url.replacing("user=postgres", with: "user=\(role)")
            do throws(JournalOpenError) {
                _ = try Replicas.engine(url).openWriter()
            } catch {
                failure = error
            }
        }
        return failure
    }

    @Test("a user with all rights on the tables can continue the journal")
    func otherUser() async throws {
        #expect(try await self.refusal { _ in [] } == nil)
    }

    @Test(
        "a missing right is named",
        arguments: ["INSERT ON entries", "UPDATE ON journal"]
    )
    func rights(_ right: String) async throws {
        let failure = try await self.refusal { ["REVOKE \(right) FROM \($0)"] }
        guard case .refused(let reason) = failure else {
            Issue.record("it is not refused: \(failure as Any)")
            return
        }
        #expect(reason.contains("GRANT \(right)"), "\(reason)")
    }

    @Test("a read-only user is named as the cause")
    func readOnly() async throws {
        let failure = try await self.refusal {
            ["ALTER ROLE \($0) SET default_transaction_read_only = on"]
        }
        guard case .unavailable(let reason) = failure else {
            Issue.record("it is not unavailable: \(failure as Any)")
            return
        }
        #expect(reason.contains("25006") && reason.contains("read_only is on"), "\(reason)")
    }

    @Test("a missing table is noticed while idle, and so is its return")
    func revoked() async throws {
        try await ScratchSchema.with { schema in
            try await Replicas.statuses(of: Replicas.journal(schema.url, watched: true)) {
                statuses in
                #expect(await statuses.next() == .ready)
                try schema.run("ALTER TABLE journal RENAME TO journals")
                guard case .lost(let reason) = await statuses.next() else {
                    Issue.record("it is not lost")
                    return
                }
                #expect(reason.contains("42P01"), "\(reason)")
                try schema.run("ALTER TABLE journals RENAME TO journal")
                while let status = await statuses.next(), status != .ready {}
            }
        }
    }

    @Test("a session that ends while idle is replaced")
    func watched() async throws {
        try await ScratchSchema.with { schema in
            let journal = Replicas.journal(schema.url, watched: true)
            try await Replicas.statuses(of: journal) { statuses in
                #expect(await statuses.next() == .ready)
                let sessions = """
                    SELECT pid::text FROM pg_stat_activity
                    WHERE application_name = '\(schema.name)'
                    """
                let before = try schema.run(sessions)
                try schema.killSessions()
                var after = before
                while after.isEmpty || after == before {
                    await Task.yield()
                    after = try schema.run(sessions)
                }
                _ = try await journal.append(try Fixture.capture())
            }
        }
    }

    @Test("an unreachable synchronous standby is noticed while idle, and so is its return")
    func standbyAway() async throws {
        try await ScratchServer.with { server in
            try await Replicas.statuses(of: Replicas.journal(server.url, watched: true)) {
                statuses in
                #expect(await statuses.next() == .ready)
                try server.set("synchronous_standby_names", to: "away")
                guard case .lost(let reason) = await statuses.next() else {
                    Issue.record("it is not lost")
                    return
                }
                #expect(reason.contains("synchronous standby"), "\(reason)")
                try server.releaseStandby()
                while let status = await statuses.next(), status != .ready {}
            }
        }
    }
}
