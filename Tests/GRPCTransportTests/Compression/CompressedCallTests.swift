import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Calls with compressed messages", .timeLimit(.minutes(10)))
struct CompressedCallTests {
    private static let text = [UInt8](repeating: 7, count: 4_000)
    private static let everywhere: Compression = {
        var compression = Compression()
        compression.onLoopback = true
        return compression
    }()
    private static let acceptsGzip = ("grpc-accept-encoding", "identity, deflate, gzip")

    @Test("a server reads gzip, and answers with gzip when the caller accepts it")
    func server() async throws {
        try await Self.withServer { peer in
            let fields = requestFields(
                "/test.Echo/Unary",
                [("grpc-encoding", "gzip"), Self.acceptsGzip]
            )
            let compressed = try #require(Gzip.compress(Self.text))
            let body = prefixed(compressed, flag: 1)
            try await peer.send(.headers(1, fields), .data(1, body, endStream: true))
            let answer = await peer.answer(1)
            #expect(answer["grpc-encoding"] == "gzip")
            #expect(answer["grpc-accept-encoding"] == "identity,gzip")
            #expect(answer.data.first == 1)
            #expect(answer.data.count < 200)
            let message = Array(answer.data.dropFirst(5))
            #expect(try Gzip.decompress(message, bytesMax: 4_000) == Self.text)
            #expect(answer.grpcStatus == 0)
        }
    }

    @Test("a server answers uncompressed when the caller does not accept gzip")
    func plain() async throws {
        try await Self.withServer { peer in
            try await peer.send(
                .headers(1, requestFields()),
                .message(1, Self.text, endStream: true)
            )
            let answer = await peer.answer(1)
            #expect(answer["grpc-encoding"] == nil)
            #expect(answer["grpc-accept-encoding"] == nil)
            #expect(answer.data == prefixed(Self.text))
        }
    }

    @Test("messages of a stream are compressed one by one, except short ones")
    func stream() async throws {
        try await Self.withServer { peer in
            let fields = requestFields("/test.Echo/Stream", [Self.acceptsGzip])
            try await peer.send(
                .headers(1, fields),
                .message(1, [1]),
                .message(1, Self.text, endStream: true)
            )
            let answer = await peer.answer(1)
            #expect(answer["grpc-encoding"] == "gzip")
            #expect(Array(answer.data.prefix(6)) == prefixed([1]))
            #expect(answer.data[6] == 1)
            let message = Array(answer.data.dropFirst(11))
            #expect(try Gzip.decompress(message, bytesMax: 4_000) == Self.text)
        }
    }

    @Test("a message over the limit after decompression is RESOURCE_EXHAUSTED")
    func bomb() async throws {
        try await Self.withServer { peer in
            let limit = TransportLimits().messageBytesMax
            let bomb = try #require(Gzip.compress([UInt8](repeating: 0, count: limit + 1)))
            let fields = requestFields("/test.Echo/Unary", [("grpc-encoding", "gzip")])
            try await peer.send(
                .headers(1, fields),
                .data(1, Array(prefixed(bomb, flag: 1).prefix(16_000))),
                .data(1, Array(prefixed(bomb, flag: 1).dropFirst(16_000)), endStream: true)
            )
            #expect(await peer.answer(1).grpcStatus == StatusCode.resourceExhausted.rawValue)
        }
    }

    @Test("a stream of unread, highly compressed messages is ended")
    func manyBombs() async throws {
        let gate = Gate()
        let deaf = RegisteredMethod.streaming("test.Deaf/Stream") { _, _ in
            try await gate.wait()
            return [:]
        }
        try await ServerUnderTest.run([.echo, deaf]) { under in
            defer { gate.open() }
            let peer = try await under.connect()
            let bomb = try #require(Gzip.compress([UInt8](repeating: 0, count: 1_048_576)))
            let fields = requestFields("/test.Deaf/Stream", [("grpc-encoding", "gzip")])
            try await peer.send(.headers(1, fields))
            for _ in 0..<20 { try await peer.send(.data(1, prefixed(bomb, flag: 1))) }
            #expect(await peer.answer(1).grpcStatus == StatusCode.resourceExhausted.rawValue)
            gate.open()
            peer.close()
        }
    }

    @Test("invalid gzip is INTERNAL, and the next call is served")
    func garbage() async throws {
        try await Self.withServer { peer in
            let fields = requestFields("/test.Echo/Unary", [("grpc-encoding", "gzip")])
            let body = prefixed([1, 2, 3], flag: 1)
            try await peer.send(.headers(1, fields), .data(1, body, endStream: true))
            #expect(await peer.answer(1).grpcStatus == StatusCode.internalError.rawValue)
            try await peer.send(.headers(3, requestFields()), .message(3, [1], endStream: true))
            #expect(await peer.answer(3).grpcStatus == 0)
        }
    }

    @Test("a client compresses only after the server has announced gzip")
    func client() async throws {
        let server = try await RawServer()
        defer { server.close() }
        var options = HTTP2Transport.Options()
        options.compression = Self.everywhere
        try await withChannel(to: server.endpoint, options, on: oneLoop) { channel in
            var call = OutgoingCall.echo
            call.mayCompress = true
            let (first, second) = (call, call)
            async let replies = [
                channel.unary(first, Self.text), channel.unary(second, Self.text),
            ]
            let peer = try await server.acceptHTTP2()
            let before = try await peer.answerRequest(compressed: false)
            #expect(before.acceptEncoding == "identity,gzip")
            #expect(before.encoding == nil)
            #expect(before.body == prefixed(Self.text))
            let after = try await peer.answerRequest(compressed: true)
            #expect(after.encoding == "gzip")
            #expect(after.body.first == 1)
            #expect(after.body.count < 200)
            #expect(try await replies.map(\.message) == [Self.text, Self.text])
        }
    }

    @Test("a call without the option is not compressed")
    func unasked() async throws {
        let server = try await RawServer()
        defer { server.close() }
        var options = HTTP2Transport.Options()
        options.compression = Self.everywhere
        try await withChannel(to: server.endpoint, options, on: oneLoop) { channel in
            async let reply = channel.unary(.echo, Self.text)
            let peer = try await server.acceptHTTP2()
            let request = try await peer.answerRequest(compressed: false)
            #expect(request.acceptEncoding == nil)
            #expect(request.encoding == nil)
            _ = try await reply
        }
    }

    @Test("our unary calls and streams are compressed both ways")
    func bothEnds() async throws {
        let under = try await ServerUnderTest.start(
            setting: EnvironmentSetting(\.compression, Self.everywhere)
        )
        var options = HTTP2Transport.Options()
        options.compression = Self.everywhere
        try await under.withClient(options) { client in
            var (call, stream) = (OutgoingCall.echo, OutgoingCall.echoStream)
            (call.mayCompress, stream.mayCompress) = (true, true)
            for count in [0, 1, 1_023, 1_024, 70_000, 2_000_000] {
                let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 50) }
                #expect(try await client.unary(call, message).message == message)
                let open = try await client.open(stream)
                try await open.send(message)
                open.finishSending()
                #expect(try await open.next() == message)
                #expect(try await open.next() == nil)
            }
        }
        await under.server.stop()
    }

    private static func withServer(_ body: (RawConnection) async throws -> Void) async throws {
        let setting = EnvironmentSetting(\.compression, Self.everywhere)
        try await ServerUnderTest.run(setting: setting) { under in
            let peer = try await under.connect()
            try await body(peer)
            peer.close()
        }
    }
}

/// A request as a raw server received it.
private struct SeenRequest {
    var encoding: String?
    var acceptEncoding: String?
    var body: [UInt8] = []
}

extension RawConnection {
    /// Reads one request and answers with its bytes.
    fileprivate func answerRequest(compressed: Bool) async throws -> SeenRequest {
        guard let headers = await self.first(Frame.Kind.headers) else { throw RawFailure.noAnswer }
        var seen = SeenRequest()
        for field in headers.fields {
            if field.name == "grpc-encoding" { seen.encoding = field.value }
            if field.name == "grpc-accept-encoding" { seen.acceptEncoding = field.value }
        }
        while let frame = await self.first(Frame.Kind.data) {
            seen.body += frame.payload
            if frame.endsStream { break }
        }
        let encoding = compressed ? [("grpc-encoding", "gzip")] : []
        let head = [
            (":status", "200"), ("content-type", "application/grpc"),
            ("grpc-accept-encoding", "identity,gzip"),
        ]
        try await self.send(
            .headers(headers.stream, head + encoding),
            .data(headers.stream, seen.body),
            .headers(headers.stream, [("grpc-status", "0")], endStream: true)
        )
        return seen
    }
}
