import TestSupport
import Testing
import TransportCore

private let messageBytes = 65_536
private let payload = pattern(messageBytes)
private let messageCount = 512  // 32 MiB
private let bytesAheadMax = 8 * 1_024 * 1_024

@Suite("Backpressure", .timeLimit(.minutes(10)))
struct BackpressureTests {
    /// A method that waits for `release`, then reads all requests; returns their number.
    private func lateReader(_ release: Gate) -> RegisteredMethod {
        .raw(.clientStreaming) { _, requests, writer in
            try await release.wait()
            var count = 0
            while try await requests.next() != nil { count += 1 }
            try await writer.send(Array("\(count)"))
            return [:]
        }
    }

    /// A method that sends ``messageCount`` messages as fast as it may, and records each.
    private func eagerWriter(_ sent: Notes<Int>) -> RegisteredMethod {
        .raw(.serverStreaming) { _, _, writer in
            for number in 0..<messageCount {
                try await writer.send(payload)
                sent.note(number)
            }
            return [:]
        }
    }

    /// Makes other calls on the channel until `sent` is unchanged for a hundred of them.
    private func untilStalled(_ fixture: Fixture, _ sent: Notes<Int>) async throws {
        var (last, still) = (-1, 0)
        while still < 100 {
            #expect(try await fixture.channel.unary(.echo, [1]).message == [1])
            let count = sent.events.count
            still = count == last ? still + 1 : 0
            last = count
        }
    }

    @Test("a client stops ahead of a stalled reader", arguments: TransportKind.allCases)
    func upload(_ kind: TransportKind) async throws {
        let (release, sent) = (Gate(), Notes<Int>())
        try await kind.with(.echo, self.lateReader(release)) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                async let upload: Void = {
                    for number in 0..<messageCount {
                        try await stream.send(payload)
                        sent.note(number)
                    }
                    stream.finishSending()
                }()
                try await self.untilStalled(fixture, sent)
                #expect(sent.events.count * messageBytes <= bytesAheadMax)
                release.open()
                #expect(try await stream.next()?.text == "\(messageCount)")
                try await upload
            }
        }
    }

    @Test("a server stops ahead of a stalled reader", arguments: TransportKind.allCases)
    func download(_ kind: TransportKind) async throws {
        let sent = Notes<Int>()
        try await kind.with(.echo, self.eagerWriter(sent)) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                stream.finishSending()
                try await self.untilStalled(fixture, sent)
                #expect(sent.events.count * messageBytes <= bytesAheadMax)
                var count = 0
                while let message = try await stream.next() {
                    #expect(message.count == messageBytes)
                    count += 1
                }
                #expect(count == messageCount)
            }
        }
    }

    @Test("a stalled writer stops waiting when it is cancelled", arguments: TransportKind.allCases)
    func cancelledWriter(_ kind: TransportKind) async throws {
        let (sent, giveUp, stopped) = (Notes<Int>(), Gate(), Gate())
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<messageCount {
                        try await writer.send(payload)
                        sent.note(number)
                    }
                }
                try await giveUp.wait()
                group.cancelAll()
                try? await group.next()
            }
            stopped.open()
            throw RPCError(.aborted, "gave up")
        }
        try await kind.with(method, .echo) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                stream.finishSending()
                try await self.untilStalled(fixture, sent)
                giveUp.open()
                try await stopped.wait()
                let failure = await status { while try await stream.next() != nil {} }
                #expect(failure?.code == .aborted)
            }
        }
    }

    @Test("a stalled stream does not affect another", arguments: TransportKind.allCases)
    func otherStream(_ kind: TransportKind) async throws {
        let sent = Notes<Int>()
        try await kind.with(.echo, .echoStream, self.eagerWriter(sent)) { fixture in
            try await fixture.channel.withStream(.raw()) { stalled in
                stalled.finishSending()
                try await self.untilStalled(fixture, sent)
                let messages = (0..<64).map { _ in payload }
                let exchange = try await fixture.channel.exchange(.echoStream, messages)
                #expect(exchange.messages == messages)
            }
        }
    }

    @Test("a stalled writer resumes when its caller leaves", arguments: TransportKind.allCases)
    func freed(_ kind: TransportKind) async throws {
        let (sent, seen, freed) = (Notes<Int>(), Notes<StatusCode>(), Gate())
        let method = RegisteredMethod.raw(.serverStreaming) { _, _, writer in
            defer { freed.open() }
            do throws(RPCError) {
                while true {
                    try await writer.send(payload)
                    sent.note(1)
                }
            } catch {
                seen.note(error.code)
            }
            return [:]
        }
        try await kind.with(.echo, method) { fixture in
            try await fixture.channel.withStream(.raw()) { stream in
                stream.finishSending()
                try await self.untilStalled(fixture, sent)
            }
            try await freed.wait()
            #expect(seen.events == [.cancelled])
        }
    }

    @Test(
        "a stalled sender resumes when the server ends the call",
        arguments: TransportKind.allCases
    )
    func senderFreed(_ kind: TransportKind) async throws {
        let release = Gate()
        let method = RegisteredMethod.raw(.clientStreaming) { _, _, _ in
            try await release.wait()
            throw RPCError(.resourceExhausted, "no more")
        }
        try await kind.with(.echo, method) { fixture in
            let sent = Notes<Int>()
            try await fixture.channel.withStream(.raw()) { stream in
                async let failure = status {
                    while true {
                        try await stream.send(payload)
                        sent.note(1)
                    }
                }
                try await self.untilStalled(fixture, sent)
                release.open()
                #expect(await failure?.code == .resourceExhausted)
            }
        }
    }
}
