import NIOCore
import NIOPosix
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("The connections of a server")
struct ConnectionSetTests {
    @Test("a socket accepted just before the listener closed is refused")
    func acceptedWhileClosing() async throws {
        let set = ConnectionSet()
        let first = try await Self.connection()
        #expect(set.add(first))
        #expect(set.close().count == 1)
        let late = try await Self.connection()
        #expect(!set.add(late))
        for connection in [first, late] { try await Self.end(connection) }
        #expect(set.all.isEmpty)
    }

    /// A connection whose socket is never active.
    private static func connection() async throws -> ServerConnection {
        let environment = ServerConnection.Environment(
            router: try Router([], policies: []),
            limits: TransportLimits(),
            timeline: Timeline(ContinuousClock())
        )
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0)
            .get()
        try await channel.close()
        return ServerConnection(environment, channel: channel)
    }

    private static func end(_ connection: ServerConnection) async throws {
        connection.abandon()
        try await connection.finished.get()
    }
}
