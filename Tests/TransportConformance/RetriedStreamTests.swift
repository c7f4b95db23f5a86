import TestSupport
import Testing
import TransportCore

@Suite("Retried streams", .timeLimit(.minutes(10)))
struct RetriedStreamTests {
    /// A method that reads `reading` messages and fails with UNAVAILABLE; from call `good` on it
    /// echoes its requests.
    private static func echo(
        _ asked: Notes<Int>,
        good: Int = 1,
        reading count: Int = 1
    ) -> RegisteredMethod {
        .raw(.bidirectional) { _, requests, writer in
            let number = asked.events.count
            asked.note(number)
            var read = 0
            for try await message in requests {
                read += 1
                if number >= good { try await writer.send(message) }
                if number < good, read >= count { throw RPCError(.unavailable, "away") }
            }
            return [:]
        }
    }

    @Test(
        "a stream without an answer is reopened, and its messages are replayed",
        arguments: TransportKind.allCases
    )
    func again(_ kind: TransportKind) async throws {
        let asked = Notes<Int>()
        try await kind.with(Self.echo(asked, good: 2, reading: 2)) { fixture in
            try await fixture.channel.tryingThrice.withStream(.raw()) { stream in
                for byte in 1...3 { try await stream.send([UInt8(byte)]) }
                stream.finishSending()
                var answers: [[UInt8]] = []
                while let answer = try await stream.next() { answers.append(answer) }
                #expect(answers == [[1], [2], [3]])
            }
        }
        #expect(asked.events.count == 3)
    }

    @Test(
        "sending while reading delivers each message once to the final attempt",
        arguments: TransportKind.allCases
    )
    func atOnce(_ kind: TransportKind) async throws {
        let asked = Notes<Int>()
        try await kind.with(Self.echo(asked, reading: 5)) { fixture in
            try await fixture.channel.tryingThrice.withStream(.raw()) { stream in
                let sender = Task {
                    for byte in 0..<16 { try await stream.send([UInt8(byte)]) }
                    stream.finishSending()
                }
                var answers: [[UInt8]] = []
                while let answer = try await stream.next() { answers.append(answer) }
                try await sender.value
                #expect(answers == (0..<16).map { [UInt8($0)] })
            }
        }
        #expect(asked.events.count == 2)
    }

    @Test("a stream that has answered is not reopened", arguments: TransportKind.allCases)
    func answered(_ kind: TransportKind) async throws {
        let asked = Notes<Int>()
        let method = RegisteredMethod.raw(.bidirectional) { _, _, writer in
            asked.note(1)
            try await writer.send([7])
            throw RPCError(.unavailable, "torn")
        }
        try await kind.with(method) { fixture in
            try await fixture.channel.tryingThrice.withStream(.raw()) { stream in
                let answer = try await stream.next()
                #expect(answer == [7])
                #expect(await status { _ = try await stream.next() }?.message == "torn")
            }
        }
        #expect(asked.events.count == 1)
    }

    @Test("the policy bounds the number of attempts", arguments: TransportKind.allCases)
    func givesUp(_ kind: TransportKind) async throws {
        let asked = Notes<Int>()
        try await kind.with(Self.echo(asked, good: 9)) { fixture in
            try await fixture.channel.tryingThrice.withStream(.raw()) { stream in
                try await stream.send([1])
                #expect(await status { _ = try await stream.next() }?.message == "away")
                #expect(await status { try await stream.send([2]) }?.code == .unavailable)
            }
        }
        #expect(asked.events.count == 3)
    }

    @Test(
        "a stream larger than its log is not reopened",
        arguments: TransportKind.allCases,
        [(17, 1), (2, 40_000)]
    )
    func tooMuch(_ kind: TransportKind, _ messages: (count: Int, size: Int)) async throws {
        let asked = Notes<Int>()
        let method = Self.echo(asked, reading: messages.count)
        try await kind.with(method) { fixture in
            try await fixture.channel.tryingThrice.withStream(.raw()) { stream in
                let message = [UInt8](repeating: 1, count: messages.size)
                _ = await status {
                    for _ in 0..<messages.count { try await stream.send(message) }
                }
                #expect(await status { _ = try await stream.next() }?.message == "away")
            }
        }
        #expect(asked.events.count == 1)
    }

    @Test("a cancelled sender gets CANCELLED", arguments: TransportKind.allCases)
    func cancelledSender(_ kind: TransportKind) async throws {
        try await kind.with(Self.echo(Notes<Int>())) { fixture in
            try await fixture.channel.tryingThrice.withStream(.raw()) { stream in
                let sender = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return await status { try await stream.send([1]) }
                }
                sender.cancel()
                #expect(await sender.value?.code == .cancelled)
            }
        }
    }

    @Test("cancelling ends the wait for the next attempt", arguments: TransportKind.allCases)
    func cancelledWait(_ kind: TransportKind) async throws {
        let asked = Notes<Int>()
        let method = RegisteredMethod.raw(.bidirectional) { _, _, _ in
            asked.note(1)
            throw RPCError(.unavailable, "later", trailers: ["grpc-retry-pushback-ms": "999999999"])
        }
        try await kind.with(method) { fixture in
            let channel = fixture.channel.tryingThrice(on: Timeline(ContinuousClock()))
            try await channel.withStream(.raw()) { stream in
                let reader = Task { await status { _ = try await stream.next() } }
                while asked.events.isEmpty { await Task.yield() }
                stream.cancel()
                #expect(await reader.value != nil)
            }
        }
        #expect(asked.events.count == 1)
    }

    @Test("a cancelled stream is not reopened", arguments: TransportKind.allCases)
    func cancelled(_ kind: TransportKind) async throws {
        let asked = Notes<Int>()
        try await kind.with(Self.echo(asked, good: 9)) { fixture in
            try await fixture.channel.tryingThrice.withStream(.raw()) { stream in
                try await stream.send([1])
                stream.cancel()
                let failure = await status { _ = try await stream.next() }
                #expect(failure != nil)
            }
        }
        #expect(asked.events.count <= 1)
    }
}
