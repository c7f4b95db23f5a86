import NIOCore
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Requests that nghttp2's own client would never send", .timeLimit(.minutes(10)))
struct RequestTests {
    @Test("a unary call is answered")
    func unary() async throws {
        let answer = try await self.answer([
            .headers(1, requestFields()), .message(1, [1, 2], endStream: true),
        ])
        #expect(answer[":status"] == "200")
        #expect(answer["content-type"] == "application/grpc")
        #expect(answer.data == prefixed([1, 2]))
        #expect(answer.grpcStatus == 0)
    }

    @Test("GET is HTTP 405 with the allowed method")
    func get() async throws {
        let fields = requestFields(without: [":method"]).filter { $0.0 != ":method" }
        let answer = try await self.answer([
            .headers(1, [(":method", "GET")] + fields, endStream: true)
        ])
        #expect(answer[":status"] == "405")
        #expect(answer["allow"] == "POST")
    }

    @Test("another content type is HTTP 415")
    func contentType() async throws {
        let fields =
            requestFields(without: ["content-type"]) + [("content-type", "application/json")]
        let answer = try await self.answer([.headers(1, fields, endStream: true)])
        #expect(answer[":status"] == "415")
    }

    @Test("a header list over the limit is RESOURCE_EXHAUSTED, and the connection survives")
    func headersTooLarge() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            let large = ("x-large", String(repeating: "x", count: 7_000))
            let fields = requestFields("/test.Echo/Unary", [large, large, large])
            let block = headerBlock(fields)
            try await peer.send(
                Frame(
                    kind: Frame.Kind.headers,
                    flags: 1,
                    stream: 1,
                    payload: Array(block.prefix(16_000))
                ),
                .continuation(1, Array(block.dropFirst(16_000)), end: true)
            )
            #expect(await peer.answer(1).grpcStatus == 8)
            try await peer.send(.headers(3, requestFields()), .message(3, [1], endStream: true))
            #expect(await peer.answer(3).grpcStatus == 0)
            peer.close()
        }
    }

    @Test("a small block that decodes to a huge one costs only its stream")
    func headerBomb() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            // The block adds an entry to the dynamic table, then refers to it fifteen thousand
            // times.
            let entry: [UInt8] =
                [0x40, 1, 0x78, 0x7F, 0xB9, 0x1E] + [UInt8](repeating: 0x61, count: 4_024)
            let block =
                headerBlock(requestFields()) + entry + [UInt8](repeating: 0xBE, count: 12_000)
            try await peer.send(
                Frame(kind: Frame.Kind.headers, flags: 5, stream: 1, payload: block)
            )
            #expect(await peer.answer(1).reset == 2)
            try await peer.send(.headers(3, requestFields()), .message(3, [1], endStream: true))
            #expect(await peer.answer(3).grpcStatus == 0)
            peer.close()
        }
    }

    @Test(
        "a block that HTTP/2 forbids resets its stream, and the next call is served",
        arguments: [
            requestFields() + [("X-Upper", "a")], requestFields() + [("connection", "close")],
            requestFields() + [("transfer-encoding", "chunked")],
            requestFields() + [("te", "gzip")],
            [(":method", "POST")] + requestFields(), [(":path", "/a")] + requestFields(),
            requestFields() + [(":path", "/late")], requestFields() + [("x-a", "b\r\nc: d")],
            requestFields() + [("x-a", "b\0c")], requestFields() + [("x a", "b")],
            requestFields() + [(":strange", "b")], requestFields(without: [":path"]),
            requestFields(without: [":method"]), requestFields(without: [":scheme"]),
        ]
    )
    func forbidden(fields: [(String, String)]) async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            try await peer.send(.headers(1, fields, endStream: true))
            #expect(await peer.answer(1).reset == 1)
            try await peer.send(.headers(3, requestFields()), .message(3, [1], endStream: true))
            #expect(await peer.answer(3).grpcStatus == 0)
            peer.close()
        }
    }

    @Test("a wrong content-length resets the stream", arguments: ["3", "8", "x"])
    func contentLength(length: String) async throws {
        let fields = requestFields("/test.Echo/Unary", [("content-length", length)])
        let answer = try await self.answer([.headers(1, fields), .message(1, [], endStream: true)])
        #expect(answer.reset == 1)
    }

    @Test("a right content-length is not metadata")
    func trueContentLength() async throws {
        let fields = requestFields("/test.Echo/Unary", [("content-length", "6")])
        let answer = try await self.answer([.headers(1, fields), .message(1, [1], endStream: true)])
        #expect(answer.grpcStatus == 0)
    }

    @Test("a bad grpc-timeout is INTERNAL", arguments: ["", "1", "123456789S", "1x", "-1S"])
    func badTimeout(timeout: String) async throws {
        let fields = requestFields("/test.Echo/Unary", [("grpc-timeout", timeout)])
        #expect(try await self.answer([.headers(1, fields)]).grpcStatus == 13)
    }

    @Test("a compressed flag without an encoding is INTERNAL")
    func compressed() async throws {
        let answer = try await self.answer([
            .headers(1, requestFields()), .data(1, prefixed([1], flag: 1)),
        ])
        #expect(answer.grpcStatus == 13)
    }

    @Test("an unknown encoding is UNIMPLEMENTED, and the answer lists the known ones")
    func unknownEncoding() async throws {
        let fields = requestFields("/test.Echo/Unary", [("grpc-encoding", "br")])
        let answer = try await self.answer([.headers(1, fields)])
        #expect(answer.grpcStatus == 12)
        #expect(answer["grpc-accept-encoding"] == "identity,gzip")
    }

    @Test("an unknown method is UNIMPLEMENTED before the body arrives")
    func unknownMethod() async throws {
        #expect(try await self.answer([.headers(1, requestFields("/a.B/C"))]).grpcStatus == 12)
    }

    @Test("padded DATA is accepted")
    func padded() async throws {
        let frame = Frame.padded(1, prefixed([1, 2, 3]), padding: 200, endStream: true)
        let answer = try await self.answer([.headers(1, requestFields()), frame])
        #expect(answer.data == prefixed([1, 2, 3]))
    }

    @Test("END_STREAM may come in an empty DATA frame of its own")
    func separateEnd() async throws {
        let frames: [Frame] = [
            .headers(1, requestFields()), .message(1, [1]), .data(1, []),
            .data(1, [], endStream: true),
        ]
        #expect(try await self.answer(frames).grpcStatus == 0)
    }

    @Test(
        "a stream that ends within a message is INTERNAL",
        arguments: ["/test.Echo/Unary", "/test.Echo/Stream"]
    )
    func truncated(path: String) async throws {
        let half = Frame.data(1, [0, 0, 0, 0, 9, 1], endStream: true)
        #expect(try await self.answer([.headers(1, requestFields(path)), half]).grpcStatus == 13)
    }

    @Test("a message over the limit is RESOURCE_EXHAUSTED after its prefix")
    func tooLarge() async throws {
        let frames: [Frame] = [
            .headers(1, requestFields()), .data(1, [0, 0xFF, 0xFF, 0xFF, 0xFF]),
        ]
        #expect(try await self.answer(frames).grpcStatus == 8)
    }

    @Test("two messages on a unary call are UNIMPLEMENTED")
    func twoMessages() async throws {
        let frames: [Frame] = [
            .headers(1, requestFields()), .message(1, [1]), .message(1, [2], endStream: true),
        ]
        #expect(try await self.answer(frames).grpcStatus == 12)
    }

    @Test("no message on a unary call is UNIMPLEMENTED", arguments: [true, false])
    func noMessage(inHeaders: Bool) async throws {
        let frames: [Frame] =
            inHeaders
            ? [.headers(1, requestFields(), endStream: true)]
            : [.headers(1, requestFields()), .data(1, [], endStream: true)]
        #expect(try await self.answer(frames).grpcStatus == 12)
    }

    @Test("request trailers are allowed and ignored")
    func requestTrailers() async throws {
        let frames: [Frame] = [
            .headers(1, requestFields()), .message(1, [1]),
            .headers(1, [("x-t", "1")], endStream: true),
        ]
        #expect(try await self.answer(frames).data == prefixed([1]))
    }

    @Test(
        "the deadline fires while the upload is unfinished",
        arguments: ["/test.Echo/Unary", "/test.Echo/Stream"]
    )
    func deadline(path: String) async throws {
        let fields = requestFields(path, [("grpc-timeout", "20m")])
        let answer = try await self.answer([.headers(1, fields), .data(1, [0, 0])])
        #expect(answer.grpcStatus == 4)
    }

    @Test("a timeout of zero has passed")
    func zeroDeadline() async throws {
        let fields = requestFields("/test.Echo/Stream", [("grpc-timeout", "0n")])
        #expect(try await self.answer([.headers(1, fields)]).grpcStatus == 4)
    }

    @Test("an error before the upload ends is trailers-only, then RST_STREAM with NO_ERROR")
    func earlyError() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            try await peer.send(.headers(1, requestFields("/a.B/C")))
            let headers = await peer.first { $0.stream == 1 }
            #expect(headers?.kind == Frame.Kind.headers)
            #expect(headers?.endsStream == true)
            #expect(await peer.first(Frame.Kind.reset)?.resetCode == 0)
            peer.close()
        }
    }

    @Test("DATA after an early error neither ends nor starves the connection")
    func dataBehindEarlyError() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            // Five times the connection's window, on streams refused by their headers.
            let piece = [UInt8](repeating: 1, count: 16_384)
            for number: Int32 in 0..<80 {
                let stream = number * 2 + 1
                try await peer.send(.headers(stream, requestFields("/a.B/C")))
                for _ in 0..<16 { try await peer.send(.data(stream, piece)) }
                #expect(await peer.answer(stream).grpcStatus == 12)
            }
            try await peer.send(
                .headers(1_001, requestFields()),
                .message(1_001, [1], endStream: true)
            )
            #expect(await peer.answer(1_001).grpcStatus == 0)
            peer.close()
        }
    }

    @Test("memory kept for a malformed block does not grow with the DATA that follows")
    func memoryAfterMalformedBlock() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            try await peer.send(
                .headers(1, requestFields("/test.Echo/Stream")),
                .windowUpdate(0, 1_000_000),
                .windowUpdate(1, 1_000_000),
                .headers(3, [("X", "y")], endStream: true)
            )
            let piece = [UInt8](repeating: 1, count: 16_000)
            for _ in 0..<10 {
                try await peer.send(.message(1, piece))
                _ = await peer.first(Frame.Kind.data)
            }
            let connection = try #require(under.server.openConnections.first)
            let kept = try await connection.loop.submit { connection.driver?.inbox.bytes.count }
                .get()
            #expect(kept == 0)
            peer.close()
        }
    }

    @Test("a very long grpc-message is cut, and the code arrives")
    func longMessage() async throws {
        let failing = RegisteredMethod.unary("test.Echo/Fail") { _ in
            throw RPCError(.dataLoss, String(repeating: "é", count: 100_000))
        }
        try await ServerUnderTest.run([.echo, failing]) { under in
            let error = await failure {
                try await under.withClient { client in
                    _ = try await client.unary(OutgoingCall(method: "test.Echo/Fail"), [])
                }
            }
            #expect(error?.code == .dataLoss)
        }
    }

    private func answer(_ frames: [Frame]) async throws -> RawAnswer {
        var answer = RawAnswer()
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            try await peer.write(frames.flatMap(\.bytes))
            answer = await peer.answer(1)
            peer.close()
        }
        return answer
    }
}
