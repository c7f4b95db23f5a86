import Foundation

@testable import PostgreSQLStorage

/// A primary and its standby, for one test.
package struct ScratchCluster: Sendable {
    /// Both are its hosts, the primary first.
    package let url: String
    package let primary: String
    package let standby: String

    package static func with(_ body: (ScratchCluster) async throws -> Void) async throws {
        let servers = try ServerScript("pair")
        defer { servers.end() }
        try await body(try ScratchCluster(servers.url))
    }

    private init(_ url: String) throws {
        let servers = try PostgreSQLAddress(url).servers.map(\.host)
        self.url = url
        self.primary = servers[0]
        self.standby = servers[1]
    }

    /// The URL of the server in `folder` alone.
    package func url(of folder: String) -> String {
        self.url.replacing("\(self.primary),\(self.standby)", with: folder)
    }

    /// Returns when the standby has all that the primary has.
    package func awaitStandby() async throws {
        let written = try self.run("SELECT pg_current_wal_lsn()::text", on: self.primary)[0]
        let isThere = "SELECT (pg_last_wal_replay_lsn() >= '\(written)')::text"
        while try self.run(isThere, on: self.standby) != ["true"] { await Task.yield() }
    }

    package func promote() throws {
        let promoted = try self.run("SELECT pg_promote(true, 600)::text", on: self.standby)
        guard promoted == ["true"] else { throw NoTestServer() }
    }

    /// Stops every process of the primary where it is, while its kernel goes on, and runs `body`.
    package func whileFrozen(_ body: () async throws -> Void) async throws {
        let file = "\(self.primary)/data/postmaster.pid"
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        let sessions = try self.run("SELECT pid::text FROM pg_stat_activity", on: self.primary)
        let processes = ([String(lines[0])] + sessions).compactMap { pid_t($0) }
        for process in processes { kill(process, SIGSTOP) }
        defer { for process in processes { kill(process, SIGCONT) } }
        try await body()
    }

    /// - Returns: the rows' first columns.
    package func run(_ statement: String, on folder: String) throws -> [String] {
        try TestSession.run([statement], self.url(of: folder))
    }
}
