import TestSupport
import Testing
import TransportCore

private let limit = 100_000

@Suite("Size limits", .timeLimit(.minutes(10)))
struct LimitTests {
    private var limits: TransportLimits {
        var limits = TransportLimits()
        limits.messageBytesMax = limit
        return limits
    }

    /// Sends a small message, then one of the size that the request asks for.
    private let inflating = RegisteredMethod.raw(.serverStreaming) { _, requests, writer in
        let size = Int(try await requests.only().text) ?? 0
        try await writer.send([1])
        try await writer.send(pattern(size))
        return [:]
    }

    @Test("a message of exactly the limit passes both ways", arguments: TransportKind.allCases)
    func atLimit(_ kind: TransportKind) async throws {
        try await kind.with(.echo, .echoStream, limits: self.limits) { fixture in
            let message = pattern(limit)
            #expect(try await fixture.channel.unary(.echo, message).message == message)
            let exchange = try await fixture.channel.exchange(.echoStream, [message, message])
            #expect(exchange.messages == [message, message])
        }
    }

    @Test("a request over the limit is RESOURCE_EXHAUSTED", arguments: TransportKind.allCases)
    func requestOver(_ kind: TransportKind) async throws {
        try await kind.with(.echo, .echoStream, limits: self.limits) { fixture in
            let message = pattern(limit + 1)
            let unary = await fixture.channel.unaryFailure(.echo, message)
            #expect(unary?.code == .resourceExhausted)
            let stream = await fixture.channel.failure(.echoStream, [[1], message])
            #expect(stream?.code == .resourceExhausted)
        }
    }

    @Test("a handler never sees a request over the limit", arguments: TransportKind.allCases)
    func requestOverUnseen(_ kind: TransportKind) async throws {
        let journal = Notes<Int>()
        let method = RegisteredMethod.raw { _, message in
            journal.note(message.count)
            return UnaryReply([])
        }
        try await kind.with(method, limits: self.limits) { fixture in
            let failure = await fixture.channel.unaryFailure(.raw(), pattern(limit + 1))
            #expect(failure?.code == .resourceExhausted)
            _ = try await fixture.channel.unary(.raw(), [1, 2])
            #expect(journal.events == [2])
        }
    }

    @Test("a response over the limit is RESOURCE_EXHAUSTED", arguments: TransportKind.allCases)
    func responseOver(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { _, _ in UnaryReply(pattern(limit + 1)) }
        try await kind.with(method, limits: self.limits) { fixture in
            let failure = await fixture.channel.unaryFailure(.raw())
            #expect(failure?.code == .resourceExhausted)
        }
    }

    @Test(
        "messages before a response over the limit are read first",
        arguments: TransportKind.allCases
    )
    func responseOverInStream(_ kind: TransportKind) async throws {
        try await kind.with(self.inflating, limits: self.limits) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                try await stream.send(Array("\(limit + 1)"))
                stream.finishSending()
                #expect(try await stream.next() == [1])
                let failure = await status { _ = try await stream.next() }
                #expect(failure?.code == .resourceExhausted)
            }
        }
    }

    @Test("the channel works after a message over the limit", arguments: TransportKind.allCases)
    func channelGoesOn(_ kind: TransportKind) async throws {
        try await kind.with(.echo, self.inflating, limits: self.limits) { fixture in
            _ = await fixture.channel.unaryFailure(.echo, pattern(limit * 2))
            _ = await fixture.channel.failure(.raw(), [Array("\(limit * 2)")])
            let answer = try await fixture.channel.unary(.echo, [9])
            #expect(answer.message == [9])
        }
    }
}
