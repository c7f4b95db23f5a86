import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite("Opening a journal in PostgreSQL")
struct OpeningTests {
    private func failure(_ url: String) -> JournalOpenError? {
        #expect(throws: JournalOpenError.self) { _ = try Replicas.engine(url).openWriter() }
    }

    @Test("an unreachable server may come back", arguments: ["/nowhere", "127.0.0.1:1"])
    func unreachable(_ host: String) throws {
        let location = host.hasPrefix("/") ? "/a?host=\(host)&user=u" : "u@\(host)/a"
        guard case .unavailable(let reason) = self.failure("postgresql://\(location)") else {
            Issue.record("it is not unavailable")
            return
        }
        #expect(reason.hasPrefix("database a on"), "\(reason)")
    }

    @Test(
        "an invalid URL is refused and not quoted",
        arguments: [
            "mysql://u:sesame@h/d", "postgresql://u:sesame@h/d?x=y", "postgresql://u:sesame@[h/d",
            "postgres://u:sesame @h/d?sslmode", "host=h password=sesame",
            "postgresql://u:open@sesame@h/d", "postgresql://u:open/sesame@h/d",
        ]
    )
    func noURL(_ url: String) throws {
        guard case .refused(let reason) = self.failure(url) else {
            Issue.record("it is not refused")
            return
        }
        #expect(reason.contains("DATABASE_URL") && !reason.contains("sesame"), "\(reason)")
    }

    @Test("no error contains the password")
    func password() throws {
        let address = try PostgreSQLAddress("postgresql://u:open%20sesame@h.example/d")
        #expect(address.place == "database d on h.example as u")
        #expect(address.clean("a\nLOCATION:  b\nopen sesame\n") == "a; …")
    }

    @Test(
        "the SQLSTATE of a failure is found in its message",
        arguments: [
            ("connection to \"h\", port 54321 failed: FATAL:  28P01: no", "28P01"),
            ("FATAL:  3D000: database \"a\" does not exist", "3D000"),
            ("connection to server on socket \"/a\" failed: No such file", nil),
        ]
    )
    func states(_ words: String, _ state: String?) {
        #expect(PostgreSQLSession.state(in: words) == state)
    }

    private static let wrong: [(String, String, String)] = [
        ("/nothing", "user=postgres", "create the database"),
        ("/postgres", "user=nobody_we_know", "check the user"),
        ("/postgres", "user=postgres&options=-csearch_path%3Dnothing", "create the schema"),
    ]

    @Test(
        "a permanent failure is refused with a remedy",
        .enabled(if: TestServer.isThere, "\(TestServer.absence)"),
        arguments: 0..<wrong.count
    )
    func refused(_ index: Int) async throws {
        let (database, options, advice) = Self.wrong[index]
        let host = try await Self.socketFolder()
        let failure = self.failure("postgresql://\(database)?host=\(host)&\(options)")
        guard case .refused(let reason) = failure else {
            Issue.record("it is not refused: \(failure as Any)")
            return
        }
        #expect(reason.contains(advice), "\(reason)")
    }

    private static func socketFolder() async throws -> String {
        var folder = ""
        try await ScratchSchema.with { schema in
            folder = try schema.run("SHOW unix_socket_directories").first ?? ""
        }
        return folder
    }

    @Test(
        "a database that is not UTF-8 is refused",
        .enabled(if: TestServer.isThere, "\(TestServer.absence)")
    )
    func encoding() async throws {
        try await ScratchSchema.with { schema in
            try schema.run(
                """
                CREATE DATABASE \(schema.name) ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'
                """
            )
            defer { _ = try? schema.run("DROP DATABASE \(schema.name)") }
            let url = schema.url.replacing("/postgres?", with: "/\(schema.name)?")
            guard case .refused(let reason) = self.failure(url) else {
                Issue.record("it is not refused")
                return
            }
            #expect(reason.contains("ENCODING 'UTF8'"), "\(reason)")
        }
    }
}
