import Foundation
import Synchronization

@testable import PostgreSQLStorage

/// A server whose settings tests may change.
///
/// `scripts/postgres` starts it, and it ends with this process. One test has it at a time.
package final class ScratchServer: Sendable {
    package let url: String
    private let servers: ServerScript

    private static let shared = Result { try ScratchServer() }

    /// Runs `body` with the server, then restores its settings.
    package static func with(_ body: (ScratchServer) async throws -> Void) async throws {
        let server = try self.shared.get()
        await self.turn.take()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        _ = try? server.run("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()::text")
        await self.turn.give()
        try result.get()
    }

    private static let turn = Turn()

    private init() throws {
        self.servers = try ServerScript("with")
        self.url = self.servers.url
    }

    /// Changes a setting of the server for all sessions, open ones included; nil resets it.
    package func set(_ name: String, to value: String?) throws {
        let change = value.map { "SET \(name) = '\($0)'" } ?? "RESET \(name)"
        try self.run("ALTER SYSTEM \(change)", "SELECT pg_reload_conf()::text")
    }

    /// Makes commits wait for an absent standby, and returns once they do.
    package func awaitStandby() async throws {
        try self.set("synchronous_standby_names", to: "absent")
        while true {
            let probe = try Probe(self.url)
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

    /// Makes commits wait for no standby.
    package func releaseStandby() throws { try self.set("synchronous_standby_names", to: nil) }

    /// - Returns: The first column of the last statement's rows.
    @discardableResult
    package func run(_ statements: String...) throws -> [String] {
        let session = try PostgreSQLSession.open(try PostgreSQLAddress(self.url))
        try session.ask([.direct("SET synchronous_commit = local")])
        var last: PostgreSQLAnswer?
        for statement in statements { last = try session.ask([.direct(statement)]).last }
        return (0..<(last?.rowCount ?? 0)).map { last?.text($0, 0) ?? "" }
    }
}

/// A commit on a thread of its own, which may block.
private final class Probe: Sendable {
    static let name = "probe"

    private let end = Mutex(false)

    init(_ url: String) throws {
        let address = try PostgreSQLAddress("\(url)&application_name=\(Self.name)")
        Thread.detachNewThread {
            _ = try? PostgreSQLSession.open(address).ask([
                .direct("SELECT pg_logical_emit_message(true, '\(Self.name)', '')::text")
            ])
            self.end.withLock { $0 = true }
        }
    }

    var isDone: Bool { self.end.withLock { $0 } }
}

/// A mutual exclusion between tests.
private actor Turn {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        guard self.isTaken else {
            self.isTaken = true
            return
        }
        await withCheckedContinuation { self.waiting.append($0) }
    }

    func give() {
        if self.waiting.isEmpty {
            self.isTaken = false
        } else {
            self.waiting.removeFirst().resume()
        }
    }
}
