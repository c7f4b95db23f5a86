import NIOCore
import NIOPosix
import Synchronization
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("A client's connections", .timeLimit(.minutes(10)))
struct ClientConnectionTests {
    private static let answer = [(":status", "200"), ("content-type", "application/grpc")]
    private static let call = OutgoingCall(method: "a.B/C", timeout: .seconds(300))

    @Test("a call refused with REFUSED_STREAM is sent again, once")
    func refusedOnce() async throws {
        try await withRawServer { client, server in
            async let reply = client.unary(Self.call, [1])
            let peer = try await server.acceptHTTP2()
            try await peer.send(.reset(try await peer.request(), 7))
            let stream = try await peer.request()
            try await peer.send(
                .headers(stream, Self.answer),
                .message(stream, [9]),
                .headers(stream, [("grpc-status", "0")], endStream: true)
            )
            #expect(try await reply.message == [9])
        }
    }

    @Test("a call refused twice is UNAVAILABLE, and was never processed")
    func refusedTwice() async throws {
        try await withRawServer { client, server in
            async let error = failure { _ = try await client.unary(Self.call, [1]) }
            let peer = try await server.acceptHTTP2()
            try await peer.send(.reset(try await peer.request(), 7))
            try await peer.send(.reset(try await peer.request(), 7))
            #expect(await error?.code == .unavailable)
            #expect(await error?.wasNeverProcessed == true)
        }
    }

    @Test("a stream that has sent messages is not sent again")
    func refusedStream() async throws {
        try await withRawServer { client, server in
            let stream = try await client.open(Self.call)
            try await stream.send([1])
            let peer = try await server.acceptHTTP2()
            try await peer.send(.reset(try await peer.request(), 7))
            let error = await failure { _ = try await stream.next() }
            #expect(error?.code == .unavailable)
        }
    }

    @Test("a stream without messages is sent again, with its later messages")
    func refusedSilentStream() async throws {
        try await withRawServer { client, server in
            let stream = try await client.open(Self.call)
            let peer = try await server.acceptHTTP2()
            try await peer.send(.reset(try await peer.request(), 7))
            let again = try await peer.request()
            try await stream.send([1])
            let data = await peer.first { $0.kind == Frame.Kind.data && !$0.payload.isEmpty }
            #expect(data?.payload == prefixed([1]))
            try await Self.answer(again, on: peer, [9])
            #expect(try await stream.next() == [9])
        }
    }

    @Test("a GOAWAY below the call's stream sends it to another connection")
    func goAwayBelow() async throws {
        try await withRawServer { client, server in
            async let reply = client.unary(Self.call, [1])
            let first = try await server.acceptHTTP2()
            _ = try await first.request()
            try await first.send(.goAway(last: 0))
            let second = try await server.acceptHTTP2()
            let stream = try await second.request()
            try await second.send(
                .headers(stream, Self.answer),
                .message(stream, [9]),
                .headers(stream, [("grpc-status", "0")], endStream: true)
            )
            #expect(try await reply.message == [9])
            await first.expectClosed()
        }
    }

    @Test("a GOAWAY above the call's stream lets it finish")
    func goAwayAbove() async throws {
        try await withRawServer { client, server in
            async let reply = client.unary(Self.call, [1])
            let peer = try await server.acceptHTTP2()
            let stream = try await peer.request()
            try await peer.send(
                .goAway(last: 0x7FFF_FFFF),
                .headers(stream, Self.answer),
                .message(stream, [9]),
                .headers(stream, [("grpc-status", "0")], endStream: true)
            )
            #expect(try await reply.message == [9])
            await peer.expectClosed()
        }
    }

    @Test(
        "a server that does not speak HTTP/2 is UNAVAILABLE",
        arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "garbage!garbage!"]
    )
    func notHTTP2(text: String) async throws {
        try await withRawServer { client, server in
            async let error = failure { _ = try await client.unary(Self.call, [1]) }
            let peer = try await server.accept()
            try await peer.write(Array(text.utf8))
            #expect(await error?.code == .unavailable)
        }
    }

    @Test("a server that closes at once is UNAVAILABLE")
    func closesAtOnce() async throws {
        try await withRawServer { client, server in
            async let error = failure { _ = try await client.unary(Self.call, [1]) }
            try await server.accept().close()
            #expect(await error?.code == .unavailable)
        }
    }

    @Test("a server without SETTINGS is UNAVAILABLE after the connect timeout")
    func noSettings() async throws {
        var options = HTTP2Transport.Options()
        options.connectTimeout = .milliseconds(300)
        try await withRawServer(options) { client, server in
            async let error = failure { _ = try await client.unary(Self.call, [1]) }
            let peer = try await server.accept()
            #expect(await error?.code == .unavailable)
            await peer.expectClosed()
        }
    }

    @Test("shutting down closes a connection that waits for SETTINGS")
    func shutdownWhileConnecting() async throws {
        let server = try await RawServer()
        defer { server.close() }
        var options = HTTP2Transport.Options()
        // The connect timeout must not end it.
        options.connectTimeout = .seconds(3_600)
        let transport = HTTP2Transport(
            group: .singleton,
            timeline: Timeline(ContinuousClock()),
            options: options
        )
        let client = transport.channel(to: server.endpoint)
        async let error = failure { _ = try await client.unary(Self.call, [1]) }
        let peer = try await server.accept()
        await transport.shutdown()
        #expect(await error?.code == .unavailable)
        await peer.expectClosed()
        let late = await failure { _ = try await client.unary(Self.call, [1]) }
        #expect(late == .shutDown)
    }

    @Test("calls over the server's stream limit wait in order")
    func streamLimit() async throws {
        try await withRawServer { client, server in
            let replies = (0..<3).map { number in
                Task {
                    try await client.unary(
                        OutgoingCall(method: "a.B/\(number)", timeout: .seconds(300)),
                        []
                    )
                }
            }
            let peer = try await server.acceptHTTP2(.settings([(id: 3, value: 1)]))
            for _ in 0..<3 {
                let stream = try await peer.request()
                // A second request would arrive before the answer to this PING.
                try await peer.send(.ping())
                let next = await peer.first {
                    $0.kind == Frame.Kind.ping || $0.kind == Frame.Kind.headers
                }
                #expect(next?.kind == Frame.Kind.ping)
                try await peer.send(
                    .headers(stream, Self.answer),
                    .message(stream, [9]),
                    .headers(stream, [("grpc-status", "0")], endStream: true)
                )
            }
            for reply in replies { #expect(try await reply.value.message == [9]) }
        }
    }

    @Test("a waiting call can be cancelled, and the next one is sent")
    func cancelWhileWaiting() async throws {
        try await withRawServer { client, server in
            let first = Task {
                try await client.unary(OutgoingCall(method: "a.B/1", timeout: .seconds(300)), [])
            }
            let peer = try await server.acceptHTTP2(.settings([(id: 3, value: 1)]))
            let stream = try await peer.request()
            let second = Task {
                try await client.unary(OutgoingCall(method: "a.B/2", timeout: .seconds(300)), [])
            }
            second.cancel()
            let third = Task {
                try await client.unary(OutgoingCall(method: "a.B/3", timeout: .seconds(300)), [])
            }
            let error = await failure { _ = try await second.value }
            #expect(error?.code == .cancelled)
            try await peer.send(
                .headers(stream, Self.answer + [("grpc-status", "5")], endStream: true)
            )
            let headers = await peer.first(Frame.Kind.headers)
            #expect(headers?.fields.contains { $0.value == "/a.B/3" } == true)
            try await peer.send(
                .headers(
                    headers?.stream ?? 0,
                    Self.answer + [("grpc-status", "5")],
                    endStream: true
                )
            )
            #expect(await failure { _ = try await first.value }?.code == .notFound)
            #expect(await failure { _ = try await third.value }?.code == .notFound)
        }
    }

    @Test("a stream limit of zero makes calls wait")
    func limitZero() async throws {
        try await withRawServer { client, server in
            async let error = failure { _ = try await client.unary(Self.call, [1]) }
            let peer = try await server.acceptHTTP2(.settings([(id: 3, value: 0)]))
            try await peer.send(.settings([(id: 3, value: 10)]))
            let stream = try await peer.request()
            try await peer.send(
                .headers(stream, Self.answer + [("grpc-status", "5")], endStream: true)
            )
            #expect(await error?.code == .notFound)
        }
    }

    @Test("the server gets the remaining time, less the wait for a connection")
    func timeLeft() async throws {
        try await withRawServer { client, server in
            async let error = failure { _ = try await client.unary(Self.call, [1]) }
            let peer = try await server.accept()
            try await peer.readPreface()
            try await peer.channel.eventLoop.scheduleTask(in: .milliseconds(100)) {}.futureResult
                .get()
            try await peer.send(.settings(), .settingsAck)
            let headers = try #require(await peer.first(Frame.Kind.headers))
            let text = headers.fields.first { $0.name == "grpc-timeout" }?.value ?? ""
            let timeout = try #require(GRPCTimeout.decode(Array(text.utf8)[...]))
            #expect(timeout <= .milliseconds(299_900))
            try await peer.send(
                .headers(headers.stream, Self.answer + [("grpc-status", "5")], endStream: true)
            )
            #expect(await error?.code == .notFound)
        }
    }

    @Test("a silent server is pinged, and disconnected when it does not answer")
    func keepalive() async throws {
        var options = HTTP2Transport.Options()
        options.keepalive = Keepalive(unbounded: .milliseconds(50), timeout: .seconds(5))
        try await withRawServer(options) { client, server in
            async let error = failure { _ = try await client.unary(Self.call, [1]) }
            let peer = try await server.acceptHTTP2()
            _ = try await peer.request()
            for _ in 0..<2 {
                let ping = try #require(await peer.first(Frame.Kind.ping))
                try await peer.send(.pingAck(ping))
            }
            #expect(await error?.message == "the server did not answer a keepalive ping")
            await peer.expectClosed()
        }
    }

    @Test("a silently dropped connection is replaced long before its keepalive")
    func forgottenConnection() async throws {
        try await ServerUnderTest.run { under in
            let proxy = try await ForgetfulProxy.start(to: under.port)
            var options = HTTP2Transport.Options()
            options.keepalive = Keepalive(unbounded: .seconds(600), timeout: .seconds(600))
            let endpoint = Endpoint(host: "127.0.0.1", port: proxy.port)
            try await withChannel(to: endpoint, options, on: oneLoop) { client in
                _ = try await client.unary(.echo, [1])
                proxy.forget()
                var call = OutgoingCall.echo
                call.timeout = .milliseconds(200)
                var replies = 0
                while replies == 0 {
                    try Task.checkCancellation()
                    if (try? await client.unary(call, [2])) != nil { replies += 1 }
                }
                #expect(proxy.connectionCount >= 2)
            }
            try await proxy.close()
        }
    }

    private static func answer(
        _ stream: Int32,
        on peer: RawConnection,
        _ message: [UInt8]
    ) async throws {
        try await peer.send(
            .headers(stream, Self.answer),
            .message(stream, message),
            .headers(stream, [("grpc-status", "0")], endStream: true)
        )
    }
}

/// Runs `body` with a channel to a raw server.
func withRawServer(
    _ options: HTTP2Transport.Options = .init(),
    _ body: (any TransportCore.Channel, RawServer) async throws -> Void
) async throws {
    let server = try await RawServer()
    defer { server.close() }
    try await withChannel(to: server.endpoint, options, on: oneLoop) { try await body($0, server) }
}
