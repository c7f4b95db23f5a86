import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite(
    "Commits while the database fails",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct FailureTests {
    /// Makes every commit fail with `state` while the count of attempts is below `limit`.
    private func fail(
        _ schema: ScratchSchema,
        with state: String,
        until limit: Int
    ) throws {
        try schema.run(
            "CREATE SEQUENCE tries",
            """
            CREATE FUNCTION passing() RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('tries') <= \(limit) THEN
                    RAISE EXCEPTION 'it fails' USING ERRCODE = '\(state)';
                END IF;
                RETURN true;
            END
            $$
            """,
            "ALTER TABLE entries ADD CONSTRAINT passing CHECK (passing()) NOT VALID"
        )
    }

    /// Ends the session of the next commit during the commit.
    private func killWithinCommit(_ schema: ScratchSchema) throws {
        try schema.run(
            """
            CREATE FUNCTION killing() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_terminate_backend(pg_backend_pid());
                RETURN NEW;
            END
            $$
            """,
            """
            CREATE CONSTRAINT TRIGGER killing AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION killing()
            """
        )
    }

    @Test(
        "a transaction rolled back in favour of another is repeated",
        arguments: ["40001", "40P01"]
    )
    func retries(_ state: String) async throws {
        try await Replicas.with(1) { schema, journals in
            try self.fail(schema, with: state, until: 3)
            let outcome = try await journals[0].append(try Fixture.capture())
            guard case .recorded(let entry) = outcome else {
                Issue.record("it was not recorded: \(outcome)")
                return
            }
            #expect(entry.sequence == 1)
            #expect(try schema.run("SELECT last_value::text FROM tries") == ["4"])
        }
    }

    @Test("a transaction is repeated a limited number of times")
    func givesUp() async throws {
        try await Replicas.with(1) { schema, journals in
            let tries = PostgreSQLLimits.attemptsMax
            try self.fail(schema, with: "40001", until: tries)
            await #expect(throws: JournalError.unavailable) {
                try await journals[0].append(try Fixture.capture())
            }
            #expect(try schema.run("SELECT last_value::text FROM tries") == ["\(tries)"])
            _ = try await journals[0].insist(try Fixture.capture())
        }
    }

    @Test("a full disk is reported, and the journal continues once there is room")
    func diskFull() async throws {
        try await Replicas.with(1) { schema, journals in
            try self.fail(schema, with: "53100", until: 1)
            let error = await #expect(throws: JournalError.self) {
                try await journals[0].append(try Fixture.capture())
            }
            #expect(error?.isFull == true)
            _ = try await journals[0].append(try Fixture.capture())
            #expect(try await journals[0].entries(after: 0, limit: 9).count == 1)
        }
    }

    @Test("a commit that an engine lost track of has an unknown outcome")
    func unknownCompletion() async throws {
        try await Replicas.with(1) { schema, journals in
            try self.fail(schema, with: "40003", until: 1)
            await #expect(throws: JournalError.outcomeUnknown) {
                try await journals[0].append(try Fixture.capture())
            }
            _ = try await journals[0].insist(try Fixture.capture())
        }
    }

    @Test("a connection lost during the commit leaves an unknown outcome")
    func lostWithinCommit() async throws {
        try await Replicas.with(1) { schema, journals in
            try self.killWithinCommit(schema)
            await #expect(throws: JournalError.outcomeUnknown) {
                try await journals[0].append(try Fixture.capture())
            }
            try schema.run("DROP TRIGGER killing ON entries")
            _ = try await journals[0].insist(try Fixture.capture())
            #expect(try await journals[0].entries(after: 0, limit: 9).count == 1)
        }
    }

    @Test("a session that ended while idle is replaced without an error")
    func lostBefore() async throws {
        try await Replicas.with(1) { schema, journals in
            for index in 0..<5 {
                try schema.killSessions()
                _ = try await journals[0].append(try Fixture.capture("pay_\(index)"))
                try schema.killSessions()
                #expect(try await journals[0].entries(after: 0, limit: 9).count == index + 1)
            }
        }
    }

    @Test("a session that ends before the commit is replaced, and the write takes effect once")
    func lostWithinLookup() async throws {
        try await Replicas.with(1) { schema, journals in
            try schema.run(
                "CREATE SEQUENCE tries",
                """
                CREATE FUNCTION ending(bigint) RETURNS boolean LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('tries') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
                    RETURN true;
                END
                $$
                """,
                "ALTER TABLE journal RENAME TO journals",
                "CREATE VIEW journal AS SELECT * FROM journals WHERE ending(id)"
            )
            _ = try await journals[0].append(try Fixture.capture())
            #expect(try schema.run("SELECT count(*)::text FROM entries") == ["1"])
        }
    }

    @Test("acknowledged entries are there once, however often the sessions are killed")
    func killedAgainAndAgain() async throws {
        try await Replicas.with(2) { schema, journals in
            let count = 400
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for index in stride(from: worker, to: count, by: 8) {
                            let capture = try Fixture.capture("pay_\(index)")
                            _ = try await journals[worker % 2].insist(capture)
                        }
                    }
                }
                group.addTask { for _ in 0..<15 { try schema.killSessions() } }
                try await group.waitForAll()
            }
            let ids = try await Self.ids(journals[0])
            #expect(ids.count == count && Set(ids).count == count)
        }
    }

    /// The ids of all entries; repeats the read, because the reader's session may have been killed
    /// as well.
    private static func ids(_ journal: GroupCommitJournal) async throws -> [String] {
        while true {
            do throws(JournalError) {
                return try await journal.entries(after: 0, limit: .max).map(\.entry.id)
            } catch {
                guard error == .unavailable else { throw error }
                await Task.yield()
            }
        }
    }
}
