import TestSupport
import Testing
import TransportCore

@Suite("Metadata", .timeLimit(.minutes(10)))
struct MetadataTests {
    /// Returns the request's `x-` fields as headers and as trailers.
    private let mirror = RegisteredMethod.raw { call, message in
        var mirrored = Metadata()
        for field in call.metadata.fields where field.name.hasPrefix("x-") {
            mirrored.append(field.name, field.value)
        }
        return UnaryReply(message, headers: mirrored, trailers: mirrored)
    }

    /// Checks that `metadata` arrives, and returns as headers and as trailers.
    private func expectRoundTrip(_ kind: TransportKind, _ metadata: Metadata) async throws {
        try await kind.with(self.mirror) { fixture in
            let reply = try await fixture.channel.unary(.raw(metadata), [])
            #expect(reply.headers.own == metadata.fields)
            #expect(reply.trailers.own == metadata.fields)
            let exchange = try await fixture.channel.exchange(.raw(metadata))
            #expect(exchange.headers.own == metadata.fields)
            #expect(exchange.trailers.own == metadata.fields)
        }
    }

    @Test("text keeps its order and its repeats", arguments: TransportKind.allCases)
    func texts(_ kind: TransportKind) async throws {
        var metadata: Metadata = ["x-b": "1", "x-a": "2"]
        metadata.add("x-b", "3")
        metadata.add("x-b", "3")
        metadata.add("x-sign", "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~ \\ z")
        metadata.add("x-0.9_z", "a, b,c")
        try await self.expectRoundTrip(kind, metadata)
    }

    @Test("an empty text arrives empty", arguments: TransportKind.allCases)
    func emptyText(_ kind: TransportKind) async throws {
        try await self.expectRoundTrip(kind, ["x-empty": "", "x-after": "here"])
    }

    @Test(
        "bytes arrive unchanged",
        arguments: TransportKind.allCases,
        [
            [Array(UInt8.min...UInt8.max)], [[]], [[0]], [[1, 2], [], [3], [1, 2]],
            [pattern(4_000)],
        ]
    )
    func binaries(_ kind: TransportKind, _ values: [[UInt8]]) async throws {
        var metadata = Metadata()
        for value in values { metadata.add("x-trace-bin", binary: value) }
        try await self.expectRoundTrip(kind, metadata)
    }

    @Test("a name in upper case arrives in lower case", arguments: TransportKind.allCases)
    func upperCase(_ kind: TransportKind) async throws {
        try await kind.with(self.mirror) { fixture in
            let reply = try await fixture.channel.unary(.raw(["X-Tenant": "Blue"]), [])
            #expect(reply.headers.texts("x-tenant") == ["Blue"])
        }
    }

    @Test(
        "invalid metadata is INTERNAL before it is sent",
        arguments: TransportKind.allCases,
        [
            ["": "v"], ["x y": "v"], ["x:y": "v"], [":path": "v"], ["x-\u{E9}": "v"],
            ["x-a": "\u{E9}"], ["x-a": "a\r\nb"], ["x-a": "\u{0}"], ["x-a": "\u{7F}"],
            ["grpc-timeout": "1S"], ["grpc-x": "v"], ["te": "trailers"], ["content-type": "x"],
            ["connection": "close"], ["host": "x"], ["x-a-bin": "text"],
        ] as [Metadata]
    )
    func refused(_ kind: TransportKind, _ metadata: Metadata) async throws {
        try await kind.with(self.mirror) { fixture in
            #expect(await fixture.channel.unaryFailure(.raw(metadata))?.code == .internalError)
            #expect(await fixture.channel.failure(.raw(metadata))?.code == .internalError)
            _ = try await fixture.channel.unary(.raw(), [])
        }
    }

    @Test("bytes under a text name are INTERNAL", arguments: TransportKind.allCases)
    func bytesUnderText(_ kind: TransportKind) async throws {
        try await kind.with(self.mirror) { fixture in
            var metadata = Metadata()
            metadata.add("x-a", binary: [1])
            #expect(await fixture.channel.unaryFailure(.raw(metadata))?.code == .internalError)
        }
    }

    @Test("twelve KiB of metadata pass", arguments: TransportKind.allCases)
    func large(_ kind: TransportKind) async throws {
        let value = String(repeating: "v", count: 1_024)
        var metadata = Metadata()
        for number in 0..<12 { metadata.add("x-\(number)", value) }
        try await self.expectRoundTrip(kind, metadata)
    }

    @Test("too much metadata is RESOURCE_EXHAUSTED", arguments: TransportKind.allCases)
    func tooLarge(_ kind: TransportKind) async throws {
        try await kind.with(self.mirror) { fixture in
            let value = String(repeating: "v", count: Metadata.sizeMax)
            let failure = await fixture.channel.unaryFailure(.raw(["x-a": value]))
            #expect(failure?.code == .resourceExhausted)
            _ = try await fixture.channel.unary(.raw(), [])
        }
    }

    @Test("headers come before the first message", arguments: TransportKind.allCases)
    func headersFirst(_ kind: TransportKind) async throws {
        let read = Gate()
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.send(headers: ["x-early": "yes"])
            try await read.wait()
            try await writer.send([1])
            return [:]
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                stream.finishSending()
                let answer = try await stream.headers()
                #expect(answer.texts("x-early") == ["yes"])
                read.open()
                let other = try await stream.rest()
                #expect(other == [[1]])
            }
        }
    }

    @Test("sending headers twice changes nothing", arguments: TransportKind.allCases)
    func headersTwice(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.send(headers: ["x-head": "first"])
            try await writer.send(headers: ["x-head": "second"])
            try await writer.send([1])
            return [:]
        }
        try await kind.with(method) { fixture in
            let exchange = try await fixture.channel.exchange(.raw())
            #expect(exchange.headers.texts("x-head") == ["first"])
            #expect(exchange.messages == [[1]])
        }
    }

    @Test("a stream without headers has empty ones", arguments: TransportKind.allCases)
    func noHeaders(_ kind: TransportKind) async throws {
        try await kind.with(.echoStream) { fixture in
            let exchange = try await fixture.channel.exchange(.echoStream, [[1]])
            #expect(exchange.headers.own.isEmpty)
            #expect(exchange.trailers.own.isEmpty)
        }
    }

    @Test("trailers are empty until the end", arguments: TransportKind.allCases)
    func trailersLast(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.bidirectional) { _, requests, writer in
            for try await message in requests { try await writer.send(message) }
            return ["x-tail": "t"]
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                try await stream.send([1])
                #expect(try await stream.next() == [1])
                #expect(stream.trailers.isEmpty)
                stream.finishSending()
                #expect(try await stream.next() == nil)
                #expect(stream.trailers.texts("x-tail") == ["t"])
            }
        }
    }

    @Test("a handler's illegal headers are INTERNAL", arguments: TransportKind.allCases)
    func illegalHeaders(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { _, message in
            UnaryReply(message, headers: ["grpc-status": "0"])
        }
        try await kind.with(method) { fixture in
            #expect(await fixture.channel.unaryFailure(.raw())?.code == .internalError)
        }
    }

    @Test("a handler's illegal trailers are INTERNAL", arguments: TransportKind.allCases)
    func illegalTrailers(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.send([1])
            return ["x a": "v"]
        }
        try await kind.with(method) { fixture in
            #expect(await fixture.channel.failure(.raw())?.code == .internalError)
        }
    }

    @Test("an error with illegal trailers is INTERNAL", arguments: TransportKind.allCases)
    func illegalErrorTrailers(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { _, _ in
            throw RPCError(.notFound, "", trailers: ["x-a": "a\nb"])
        }
        try await kind.with(method) { fixture in
            #expect(await fixture.channel.unaryFailure(.raw())?.code == .internalError)
        }
    }
}

extension Metadata {
    /// The fields sent by a test, without the transport's own.
    fileprivate var own: [Field] { self.fields.filter { $0.name.hasPrefix("x-") } }
}
