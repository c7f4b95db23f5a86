import TestSupport
import Testing
import TransportCore

@Suite("The number of messages of a call", .timeLimit(.minutes(10)))
struct CardinalityTests {
    /// A method that returns its request `count` times.
    private func repeating(_ count: Int, _ kind: CallKind) -> RegisteredMethod {
        .raw(kind) { _, requests, writer in
            let message = try await requests.only()
            try await writer.send(headers: ["x-head": "h"])
            for _ in 0..<count { try await writer.send(message) }
            return ["x-tail": "t"]
        }
    }

    @Test("a unary method can be opened as a stream", arguments: TransportKind.allCases)
    func unaryAsStream(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { _, message in
            UnaryReply(message, headers: ["x-head": "h"], trailers: ["x-tail": "t"])
        }
        try await kind.with(method) { fixture in
            let exchange = try await fixture.channel.exchange(.raw(), [[1, 2]])
            #expect(exchange.messages == [[1, 2]])
            #expect(exchange.headers.texts("x-head") == ["h"])
            #expect(exchange.trailers.texts("x-tail") == ["t"])
        }
    }

    @Test("two requests of a unary method are UNIMPLEMENTED", arguments: TransportKind.allCases)
    func secondRequest(_ kind: TransportKind) async throws {
        let journal = Notes<Int>()
        let method = RegisteredMethod.raw { _, message in
            journal.note(message.count)
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            #expect(await fixture.channel.failure(.raw(), [[1], [2]])?.code == .unimplemented)
            #expect(journal.events.isEmpty)
        }
    }

    @Test("a unary method without a request is UNIMPLEMENTED", arguments: TransportKind.allCases)
    func noRequest(_ kind: TransportKind) async throws {
        try await kind.with(.raw { _, message in UnaryReply(message) }) { fixture in
            #expect(await fixture.channel.failure(.raw(), [])?.code == .unimplemented)
        }
    }

    @Test(
        "a unary call of a streaming method with one response works",
        arguments: TransportKind.allCases,
        [CallKind.clientStreaming, .serverStreaming, .bidirectional]
    )
    func oneResponse(_ kind: TransportKind, _ method: CallKind) async throws {
        try await kind.with(self.repeating(1, method)) { fixture in
            let reply = try await fixture.channel.unary(.raw(), [5, 6])
            #expect(reply.message == [5, 6])
            #expect(reply.headers.texts("x-head") == ["h"])
            #expect(reply.trailers.texts("x-tail") == ["t"])
        }
    }

    @Test("a unary call without a response is INTERNAL", arguments: TransportKind.allCases)
    func noResponse(_ kind: TransportKind) async throws {
        try await kind.with(self.repeating(0, .serverStreaming)) { fixture in
            #expect(await fixture.channel.unaryFailure(.raw())?.code == .internalError)
        }
    }

    @Test(
        "a unary call with many responses is INTERNAL",
        arguments: TransportKind.allCases,
        [2, 3, 100]
    )
    func secondResponse(_ kind: TransportKind, _ count: Int) async throws {
        try await kind.with(self.repeating(count, .serverStreaming)) { fixture in
            #expect(await fixture.channel.unaryFailure(.raw())?.code == .internalError)
        }
    }

    @Test("a second response ends a unary call at once", arguments: TransportKind.allCases)
    func secondResponseAtOnce(_ kind: TransportKind) async throws {
        let cancelled = Gate()
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.send([1])
            try? await writer.send([2])
            do { try await Gate().wait() } catch { cancelled.open() }
            return [:]
        }
        try await kind.with(method) { fixture in
            #expect(await fixture.channel.unaryFailure(.raw())?.code == .internalError)
            try await cancelled.wait()
        }
    }

    @Test("the status of a streaming method ends a unary call", arguments: TransportKind.allCases)
    func streamingStatus(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.send([1])
            throw RPCError(.aborted, "after one")
        }
        try await kind.with(method) { fixture in
            let failure = await fixture.channel.unaryFailure(.raw())
            #expect(failure?.code == .aborted)
            #expect(failure?.message == "after one")
        }
    }
}
