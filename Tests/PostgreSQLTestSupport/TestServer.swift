import Foundation

@testable import PostgreSQLStorage

/// The PostgreSQL server in `FLORIN_TEST_POSTGRES`; `scripts/postgres with …` starts one.
package enum TestServer {
    package static let url: String? =
        ProcessInfo.processInfo.environment["FLORIN_TEST_POSTGRES"].flatMap {
            $0.isEmpty ? nil : $0
        }

    package static let isThere = url != nil

    /// The reason for skipping a test.
    package static let absence = "FLORIN_TEST_POSTGRES names no server; see scripts/postgres"
}

/// A schema for one journal, and sessions beside the journal's.
package struct ScratchSchema: Sendable {
    package let name: String
    private let server: String

    /// Runs `body` with a schema on the server at `url`, then drops the schema.
    ///
    /// Requires a server. Unless `marked` is false, the schema may hold a journal beside those of
    /// other tests.
    package static func with(
        on url: String? = TestServer.url,
        marked: Bool = true,
        _ body: (ScratchSchema) async throws -> Void
    ) async throws {
        guard let server = url else { throw NoTestServer() }
        let name = "journal_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
        let schema = ScratchSchema(name: name, server: server)
        try schema.run("CREATE SCHEMA \(name)")
        if marked { try schema.mark() }
        defer { try? schema.drop() }
        try await body(schema)
    }

    /// The URL of the journal in this schema; the schema's name is the application name.
    package var url: String { self.url(as: self.name) }

    /// - Returns: The first column of the last statement's rows.
    @discardableResult
    package func run(_ statements: String...) throws -> [String] { try self.run(statements) }

    /// Runs all statements in one session.
    @discardableResult
    package func run(_ statements: [String]) throws -> [String] {
        try TestSession.run(statements, self.url(as: "test"))
    }

    /// Permits a journal in this schema beside others.
    package func mark() throws {
        try self.run("COMMENT ON SCHEMA \(self.name) IS '\(JournalSchema.application)'")
    }

    /// The same schema under another name.
    package func renamed(_ name: String) -> ScratchSchema {
        ScratchSchema(name: name, server: self.server)
    }

    package func drop() throws { try self.run("DROP SCHEMA IF EXISTS \(self.name) CASCADE") }

    /// Ends all sessions of the journals in this schema.
    package func killSessions() throws {
        try self.run(
            """
            SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
            WHERE application_name = '\(self.name)'
            """
        )
    }

    private func url(as application: String) -> String {
        let separator = self.server.contains("?") ? "&" : "?"
        let options = "options=-csearch_path%3D\(self.name)&application_name=\(application)"
        return "\(self.server)\(separator)\(options)"
    }
}

/// A session beside those of journals.
package enum TestSession {
    /// - Returns: The first column of the last statement's rows.
    package static func run(_ statements: [String], _ url: String) throws -> [String] {
        let address = try PostgreSQLAddress(url)
        let answer = try PostgreSQLSession.open(address).ask(statements.map { .direct($0) }).last
        return (0..<(answer?.rowCount ?? 0)).map { answer?.text($0, 0) ?? "" }
    }
}

struct NoTestServer: Error {}
