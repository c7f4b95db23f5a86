import Domain
import Edge
import Listening
import NIOCore
import StrictJSON
import Testing

/// The limit of connections is reached, and another one arrives.
@Suite("A full listener", .timeLimit(.minutes(10)))
struct FullListenerTests {
    private static let request = "GET / HTTP/1.1\r\nHost: e\r\n\r\n"

    private static func limits(_ connectionsMax: Int) -> EdgeLimits {
        var limits = EdgeLimits()
        limits.connectionsMax = connectionsMax
        limits.headTimeout = .seconds(600)
        limits.idleTimeout = .seconds(600)
        return limits
    }

    @Test(
        "answers every request, however many silent connections came before",
        arguments: [
            "", "GET / HTTP/1.1\r\nHost: e",
            "POST / HTTP/1.1\r\nHost: e\r\nContent-Length: 9\r\n\r\n{",
        ]
    )
    func silent(start: String) async throws {
        try await withServer(limits: Self.limits(3)) { peer in
            var lines: [Line] = []
            for _ in 0..<20 {
                let line = try await peer.open()
                try? await line.send(start)
                lines.append(line)
            }
            #expect(try await peer.ask("GET /").status == "200")
            for line in lines { try? await line.channel.close() }
        }
    }

    @Test("closes the connection that has been idle longest, and no other")
    func longestIdle() async throws {
        try await withServer(limits: Self.limits(3)) { peer in
            var lines: [Line] = []
            for _ in 0..<3 {
                let line = try await peer.open()
                try await line.send(Self.request)
                _ = try await line.receive(until: #"{"ok":true}"#)
                lines.append(line)
            }
            #expect(try await lines[0].receiveAll().isEmpty)
            for line in lines.dropFirst() {
                try await line.send(Self.request)
                #expect(Answer(try await line.receive(until: #"{"ok":true}"#)).status == "200")
                try await line.channel.close()
            }
        }
    }

    @Test("lets newcomers wait while all are busy, and answers all of them")
    func busy() async throws {
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let handler: EdgeServer.Handler = { request, _ in
            if request.path == "/slow" {
                arrival.yield()
                await released.first { true }
            }
            return GatewayResponse(status: 200, body: [:])
        }
        let statuses = try await withServer(handler: handler, limits: Self.limits(1)) { peer, _ in
            async let slow = peer.ask("GET /slow")
            await arrived.first { true }
            async let quick = peer.ask("GET /quick")
            release.yield()
            return try await [slow.status, quick.status]
        }
        #expect(statuses == ["200", "200"])
    }
}
