import NIOCore
import NIOPosix
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("A server that accepts connections and ends them at once", .timeLimit(.minutes(10)))
struct BriefConnectionTests {
    @Test("calls fail at once after two connections without an answer, and none is made")
    func backsOff() async throws {
        let server = try await RawServer()
        try await withChannel(to: server.endpoint, Self.options, on: oneLoop) { client in
            try await Self.expectTwoConnections(to: server, client)
            for _ in 0..<20 {
                let error = await failure { _ = try await client.unary(.echo, []) }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("ended before it answered") == true)
                #expect(error?.wasNeverProcessed == true)
            }
        }
        server.close()
    }

    @Test("a connection on one event loop does not end the wait of another")
    func loopsApart() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let loops = group.makeIterator().map { LoopExecutor($0) }
        let server = try await RawServer()
        try await withChannel(to: server.endpoint, Self.options, on: group) { client in
            try await Self.expectTwoConnections(to: server, client, on: loops[0])
            try await Self.expectTwoConnections(to: server, client, on: loops[1])
            let error = await Self.call(client, on: loops[0]).value
            #expect(error?.message.contains("ended before it answered") == true)
        }
        server.close()
        try await group.shutdownGracefully()
    }

    @Test("a connection that answered a call is replaced at once, each time")
    func usefulConnections() async throws {
        let server = try await RawServer()
        try await withChannel(to: server.endpoint, Self.options, on: oneLoop) { client in
            for number: UInt8 in 0..<5 {
                async let reply = client.unary(.echo, [number])
                let peer = try await server.acceptHTTP2()
                let stream = try await peer.request()
                try await peer.send(
                    .headers(stream, [(":status", "200"), ("content-type", "application/grpc")]),
                    .message(stream, [number]),
                    .headers(stream, [("grpc-status", "0")], endStream: true),
                    .goAway(last: Int(stream))
                )
                #expect(try await reply.message == [number])
                peer.close()
            }
        }
        server.close()
    }

    @Test(
        "a refusal of each call is no answer of the service",
        arguments: [
            [(":status", "503"), ("content-type", "text/html")],
            [
                (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "14"),
            ],
        ]
    )
    func refusingServer(head: [(String, String)]) async throws {
        let server = try await RawServer()
        try await withChannel(to: server.endpoint, Self.options, on: oneLoop) { client in
            for _ in 0..<2 {
                async let error = failure { _ = try await client.unary(.echo, []) }
                let peer = try await server.acceptHTTP2()
                let stream = try await peer.request()
                try await peer.send(
                    .headers(stream, head, endStream: true),
                    .goAway(last: Int(stream))
                )
                #expect(await error?.code == .unavailable)
                peer.close()
            }
            let error = await failure { _ = try await client.unary(.echo, []) }
            #expect(error?.message.contains("ended before it answered") == true)
        }
        server.close()
    }

    @Test("what a server says of its health is no answer of the service")
    func healthAnswer() {
        func isAnswered(_ method: String) -> Bool {
            let call = ClientCall(
                OutgoingCall(method: method),
                .stream(ResponseStream()),
                TransportLimits()
            )
            let head = [(":status", "200"), ("content-type", "application/grpc")]
            call.receive(FieldBytes(head), endStream: false)
            return call.isAnswered
        }
        #expect(isAnswered("a.B/C"))
        #expect(!isAnswered(HealthWatching.method))
    }

    // MARK: Helpers

    /// A wait that outlasts the test.
    private static var options: HTTP2Transport.Options {
        var options = HTTP2Transport.Options()
        options.backoff.initial = .seconds(3_600)
        options.backoff.maximum = .seconds(3_600)
        return options
    }

    private static func call(
        _ client: any TransportCore.Channel,
        on loop: LoopExecutor
    ) -> Task<RPCError?, Never> {
        Task(executorPreference: loop) { await failure { _ = try await client.unary(.echo, []) } }
    }

    /// Makes a call that fails on two connections in a row: it is sent again once.
    private static func expectTwoConnections(
        to server: RawServer,
        _ client: any TransportCore.Channel,
        on loop: LoopExecutor = LoopExecutor(oneLoop.any())
    ) async throws {
        let call = Self.call(client, on: loop)
        for _ in 0..<2 {
            let peer = try await server.acceptHTTP2()
            _ = try await peer.request()
            try await peer.send(.goAway(last: 0))
            peer.close()
        }
        #expect(await call.value?.code == .unavailable)
    }
}
