import TestSupport
import Testing
import TransportCore

@Suite("Retries across layers", .timeLimit(.minutes(10)))
struct RetryTests {
    private static let frontCall = OutgoingCall(method: "test.Front/Call")

    /// A method that always fails with UNAVAILABLE and counts its calls.
    private func away(_ asked: Notes<Int>) -> RegisteredMethod {
        .raw { _, _ in
            asked.note(1)
            throw RPCError(.unavailable, "away")
        }
    }

    /// Runs `body` with a channel to a front server, whose handler `answer` has one to `back`.
    private func withFront(
        _ kind: TransportKind,
        back: RegisteredMethod,
        answer: @escaping @Sendable (any Channel, [UInt8]) async throws -> UnaryReply,
        asking body: (any Channel) async throws -> Void
    ) async throws {
        try await kind.with(back) { fixture in
            let channel = fixture.channel
            let front = RegisteredMethod.named("test.Front/Call", .unary) { _, message in
                try await answer(channel, message)
            }
            let server = try await fixture.transport.serve([front])
            let failure = await status {
                try await body(fixture.transport.channel(to: server.endpoint))
            }
            await server.stop()
            if let failure { throw failure }
        }
    }

    @Test(
        "a call given up by a handler is not retried above it",
        arguments: TransportKind.allCases
    )
    func oneLayer(_ kind: TransportKind) async throws {
        let (asked, worked) = (Notes<Int>(), Notes<Int>())
        try await self.withFront(kind, back: self.away(worked)) { channel, message in
            asked.note(1)
            return try await channel.tryingThrice.unary(.raw(), message)
        } asking: { channel in
            let failure = await channel.tryingThrice.unaryFailure(Self.frontCall)
            #expect(failure?.code == .unavailable)
            #expect(failure?.trailers.texts("grpc-retry-pushback-ms") == ["-1"])
        }
        #expect(asked.events.count == 1)
        #expect(worked.events.count == 3)
    }

    @Test("a failure without retries below is retried above", arguments: TransportKind.allCases)
    func nobodyTried(_ kind: TransportKind) async throws {
        let (asked, worked) = (Notes<Int>(), Notes<Int>())
        try await self.withFront(kind, back: self.away(worked)) { channel, message in
            asked.note(1)
            return try await channel.unary(.raw(), message)
        } asking: { channel in
            let failure = await channel.tryingThrice.unaryFailure(Self.frontCall)
            #expect(failure?.code == .unavailable)
            #expect(failure?.trailers.texts("grpc-retry-pushback-ms") == [])
        }
        #expect(asked.events.count == 3)
        #expect(worked.events.count == 3)
    }

    @Test(
        "a handler that tolerates a failed call answers normally",
        arguments: TransportKind.allCases
    )
    func doesWithout(_ kind: TransportKind) async throws {
        let worked = Notes<Int>()
        try await self.withFront(kind, back: self.away(worked)) { channel, _ in
            _ = await channel.tryingThrice.unaryFailure(.raw())
            return UnaryReply([7])
        } asking: { channel in
            let reply = try await channel.unary(Self.frontCall, [])
            #expect(reply.message == [7])
            #expect(reply.trailers.texts("grpc-retry-pushback-ms").isEmpty)
        }
        #expect(worked.events.count == 3)
    }

    @Test(
        "giving up one request does not affect the next",
        arguments: TransportKind.allCases
    )
    func nextRequest(_ kind: TransportKind) async throws {
        let worked = Notes<Int>()
        try await self.withFront(kind, back: self.away(worked)) { channel, message in
            guard message.isEmpty else { throw RPCError(.unavailable, "for another reason") }
            return try await channel.tryingThrice.unary(.raw(), message)
        } asking: { channel in
            let first = await channel.unaryFailure(Self.frontCall)
            #expect(first?.trailers.texts("grpc-retry-pushback-ms") == ["-1"])
            let second = await channel.unaryFailure(Self.frontCall, [1])
            #expect(second?.message == "for another reason")
            #expect(second?.trailers.texts("grpc-retry-pushback-ms") == [])
        }
    }

    @Test("a streaming handler also stops retries above it", arguments: TransportKind.allCases)
    func stream(_ kind: TransportKind) async throws {
        let worked = Notes<Int>()
        try await kind.with(self.away(worked)) { fixture in
            let channel = fixture.channel
            let front = RegisteredMethod(
                name: "test.Front/Call",
                kind: .serverStreaming,
                handler: .streaming { _, _, _ in
                    try await channel.tryingThrice.unary(.raw(), []).trailers
                }
            )
            let server = try await fixture.transport.serve([front])
            let above = fixture.transport.channel(to: server.endpoint)
            let failure = await above.failure(Self.frontCall)
            await server.stop()
            #expect(failure?.code == .unavailable)
            #expect(failure?.trailers.texts("grpc-retry-pushback-ms") == ["-1"])
        }
        #expect(worked.events.count == 3)
    }

    @Test("a handler sees how many attempts were made before", arguments: TransportKind.allCases)
    func previousAttempts(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { call, _ in
            let counts = call.metadata.texts("grpc-previous-rpc-attempts")
            guard let count = counts.first else { throw RPCError(.unavailable, "once more") }
            return UnaryReply(Array(count))
        }
        try await kind.with(method) { fixture in
            let reply = try await fixture.channel.tryingThrice.unary(.raw(), [])
            #expect(reply.message.text == "1")
            let said = OutgoingCall.raw(["grpc-previous-rpc-attempts": "3"])
            let other = try await fixture.channel.unary(said, [])
            #expect(other.message.text == "3")
            let exchange = try await fixture.channel.exchange(said)
            #expect(exchange.messages.map(\.text) == ["3"])
        }
    }

    @Test(
        "a handler's pushback reaches its caller",
        arguments: TransportKind.allCases,
        ["250", "0", "-1"]
    )
    func pushback(_ kind: TransportKind, _ wish: String) async throws {
        let method = RegisteredMethod.raw { _, _ in
            throw RPCError(.unavailable, "not now", trailers: ["grpc-retry-pushback-ms": wish])
        }
        try await kind.with(method) { fixture in
            for failure in [
                await fixture.channel.unaryFailure(.raw()), await fixture.channel.failure(.raw()),
            ] {
                #expect(failure?.code == .unavailable)
                #expect(failure?.trailers.texts("grpc-retry-pushback-ms") == [wish])
            }
        }
    }

    @Test(
        "a pushback after messages reaches the caller, too",
        arguments: TransportKind.allCases
    )
    func latePushback(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await writer.send([1])
            throw RPCError(.unavailable, "torn", trailers: ["grpc-retry-pushback-ms": "250"])
        }
        try await kind.with(method) { fixture in
            let failure = await fixture.channel.failure(.raw())
            #expect(failure?.trailers.texts("grpc-retry-pushback-ms") == ["250"])
        }
    }
}
