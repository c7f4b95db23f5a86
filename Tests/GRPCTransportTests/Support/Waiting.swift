import NIOCore
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

extension RegisteredMethod {
    /// Answers when `gate` is open.
    static func waiting(for gate: Gate) -> RegisteredMethod {
        .unary("test.Wait/Unary") { message in
            try await gate.wait()
            return UnaryReply(message)
        }
    }

    /// Answers when `gate` is open, whatever else happens.
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
    /// Waits until `count` handlers run on the first connection that is open.
    func untilRunning(_ count: Int) async throws {
        try await self.until { $0.runningHandlers >= count }
    }

    /// Lets the first connection that is open reach the end of its patience, without the wait.
    func losePatience(times: Int) async throws {
        let connection = try #require(self.server.openConnections.first)
        for _ in 0..<times { try await connection.loop.submit { connection.patienceEnded() }.get() }
    }

    /// Waits until `isTrue` on the loop of the first connection that is open.
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
