import Domain
import Edge
import StrictJSON
import Testing

@Suite("A shutdown", .timeLimit(.minutes(10)))
struct ShutdownTests {
    @Test("lets the current request be answered, as the last")
    func inFlight() async throws {
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let handler: EdgeServer.Handler = { _, _ in
            arrival.yield()
            await released.first { true }
            return GatewayResponse(status: 200, body: [:])
        }
        let text = try await withServer(handler: handler) { peer, shutDown in
            try await peer.connect { line in
                try await line.send("GET / HTTP/1.1\r\nHost: e\r\n\r\n")
                await arrived.first { true }
                await shutDown()
                release.yield()
                return try await line.receiveAll()
            }
        }
        #expect(Answer(text).status == "200")
    }

    @Test("closes an idle connection")
    func idle() async throws {
        let text = try await withServer(handler: Probe().handler) { peer, shutDown in
            try await peer.connect { line in
                try await line.send("GET / HTTP/1.1\r\nHost: e\r\n\r\n")
                _ = try await line.receive(until: #"{"ok":true}"#)
                await shutDown()
                return try await line.receiveAll()
            }
        }
        #expect(text.isEmpty)
    }
}
