import Foundation
import Synchronization

/// A program that runs beside a test.
package struct TestProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts `path` in the repository's folder.
    package init(_ path: String, _ arguments: [String]) throws {
        self.process.executableURL = URL(filePath: path)
        self.process.arguments = arguments
        self.process.currentDirectoryURL = TestProcess.repository
        self.process.standardInput = self.input
        self.process.standardOutput = self.output
        try self.process.startAlone()
    }

    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Starts `path` as an unprivileged user: PostgreSQL's programs refuse to run as root.
    package init(unprivileged path: String, _ arguments: [String]) throws {
        let user = ["--reuid=postgres", "--regid=postgres", "--clear-groups", path]
        if geteuid() == 0 {
            try self.init("/usr/bin/setpriv", user + arguments)
        } else {
            try self.init(path, arguments)
        }
    }

    /// The first line of output; empty if the program ends without one.
    package func firstLine() -> String {
        var line = Data()
        while let byte = try? self.output.fileHandleForReading.read(upToCount: 1),
            byte != Data("\n".utf8)
        {
            guard !byte.isEmpty else { break }
            line += byte
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Kills the program and waits for its end.
    ///
    /// Uses SIGKILL: the thread that started the process may have blocked every other signal, also
    /// for the process.
    package func end() {
        kill(self.process.processIdentifier, SIGKILL)
        self.process.waitUntilExit()
    }
}

extension Process {
    private static let start = Mutex(())

    /// Starts the process while no other one starts: Foundation considers a process running as long
    /// as another one forked meanwhile holds its socket.
    func startAlone() throws { try Self.start.withLock { _ in try self.run() } }
}

/// A temporary folder that PostgreSQL's user may access.
package enum ScratchFolder {
    package static func with<Result>(
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let path = "/tmp/florin-\(UUID().uuidString.prefix(8).lowercased())"
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o777]
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: mode
        )
        try FileManager.default.setAttributes(mode, ofItemAtPath: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}

/// PgBouncer in front of a server.
package struct TestPooler {
    package static let path = "/usr/sbin/pgbouncer"

    /// Runs `body` with the folder of its socket, pooling the sessions of `server` in `mode`.
    package static func with(
        mode: String,
        _ server: ScratchServer,
        _ body: (String) async throws -> Void
    ) async throws {
        let host = try server.run("SHOW unix_socket_directories")[0]
        try await ScratchFolder.with { folder in
            let settings = """
                [databases]
                * = host=\(host) user=postgres
                [pgbouncer]
                listen_addr =
                unix_socket_dir = \(folder)
                listen_port = 5432
                auth_type = any
                pool_mode = \(mode)
                default_pool_size = 2
                """
            try settings.write(toFile: "\(folder)/pooler.ini", atomically: true, encoding: .utf8)
            let process = try TestProcess(
                unprivileged: self.path,
                ["--quiet", "\(folder)/pooler.ini"]
            )
            defer { process.end() }
            try await body(folder)
        }
    }
}
