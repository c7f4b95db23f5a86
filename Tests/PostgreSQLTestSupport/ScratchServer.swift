import Foundation
import Synchronization

@testable import PostgreSQLStorage

/// A server of a test's own, whose settings no other test minds; `scripts/postgres` starts it.
package final class ScratchServer {
    package let url: String
    private let process: Process
    private let input: Pipe

    /// Runs `body` beside a server that is gone afterwards.
    package static func with(_ body: (ScratchServer) async throws -> Void) async throws {
        let server = try ScratchServer()
        let failure: (any Error)?
        do {
            try await body(server)
            failure = nil
        } catch { failure = error }
        server.stop()
        if let failure { throw failure }
    }

    private init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let (process, input, output) = (Process(), Pipe(), Pipe())
        process.executableURL = root.appending(path: "scripts/postgres")
        // It lives until its input ends, also when this process is killed.
        process.arguments = ["with", "sh", "-c", "echo \"$FLORIN_TEST_POSTGRES\"; cat"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            guard let piece = try output.fileHandleForReading.read(upToCount: 1) else {
                throw NoTestServer()
            }
            line += piece
        }
        self.process = process
        self.input = input
        self.url = String(decoding: line.dropLast(), as: UTF8.self)
    }

    private func stop() {
        try? self.input.fileHandleForWriting.close()
        self.process.waitUntilExit()
    }

    /// Changes a setting of the server for all sessions, those that are open too; nil resets it.
    package func set(_ name: String, to value: String?) throws {
        let change = value.map { "SET \(name) = '\($0)'" } ?? "RESET \(name)"
        try self.run("ALTER SYSTEM \(change)", "SELECT pg_reload_conf()::text")
    }

    /// Makes commits wait for a standby that never comes, and returns when they do.
    package func awaitStandby() async throws {
        try self.set("synchronous_standby_names", to: "absent")
        for number in 0... {
            let probe = try Probe(self.url, number)
            while !probe.isDone {
                let cancelled = try self.run(
                    """
                    SELECT pg_cancel_backend(pid)::text FROM pg_stat_activity
                    WHERE wait_event = 'SyncRep' AND application_name = '\(Probe.name)'
                    """
                )
                if !cancelled.isEmpty { return }
                await Task.yield()
            }
        }
    }

    /// Lets commits wait for no standby any more.
    package func releaseStandby() throws { try self.set("synchronous_standby_names", to: nil) }

    /// - Returns: the rows' first columns, of the last statement.
    @discardableResult
    package func run(_ statements: String...) throws -> [String] {
        let session = try PostgreSQLSession.open(try PostgreSQLAddress(self.url))
        try session.ask([.direct("SET synchronous_commit = local")])
        var last: PostgreSQLAnswer?
        for statement in statements { last = try session.ask([.direct(statement)]).last }
        return (0..<(last?.rowCount ?? 0)).map { last?.text($0, 0) ?? "" }
    }
}

/// A commit on a thread of its own, which may wait.
private final class Probe: Sendable {
    static let name = "probe"

    private let end = Mutex(false)

    init(_ url: String, _ number: Int) throws {
        let address = try PostgreSQLAddress("\(url)&application_name=\(Self.name)")
        Thread.detachNewThread {
            _ = try? PostgreSQLSession.open(address).ask([
                .direct("CREATE TABLE probe_\(number) ()")
            ])
            self.end.withLock { $0 = true }
        }
    }

    var isDone: Bool { self.end.withLock { $0 } }
}
