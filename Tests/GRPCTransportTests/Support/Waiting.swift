import NIOCore
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

extension RegisteredMethod {
    /// A method that answers when `gate` is open, or ends when cancelled.
    static func waiting(for gate: Gate) -> RegisteredMethod {
        .unary("test.Wait/Unary") { message in
            try await gate.wait()
            return UnaryReply(message)
        }
    }

    /// A method that answers when `gate` is open, even if cancelled.
    static func stubborn(until gate: Gate) -> RegisteredMethod {
        .unary("test.Wait/Unary") { message in
            await gate.hold()
            return UnaryReply(message)
        }
    }
}

/// Waits until the calling task is cancelled.
func untilCancelled() async { try? await Gate().wait() }

extension ServerUnderTest {
    /// Waits until `count` handlers run on the first open connection.
    func untilRunning(_ count: Int) async throws {
        try await self.until { $0.runningHandlers >= count }
    }

    /// Waits until `count` connections are open.
    func untilOpen(_ count: Int) async throws {
        while self.server.openConnections.count != count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// Ends the patience of the first open connection `times` times, without the wait.
    func losePatience(times: Int) async throws {
        let connection = try #require(self.server.openConnections.first)
        for _ in 0..<times { try await connection.loop.submit { connection.patienceEnded() }.get() }
    }

    /// Waits until `isTrue` on the loop of the first open connection.
    func until(_ isTrue: @escaping @Sendable (ServerConnection) -> Bool) async throws {
        while true {
            try Task.checkCancellation()
            if let connection = self.server.openConnections.first {
                if try await connection.loop.submit({ isTrue(connection) }).get() { return }
            }
            await Task.yield()
        }
    }
}
