import InMemoryTransport
import Simulation
import Synchronization
import Testing
import TransportCore

@Suite("Streams between hosts whose links misbehave", .timeLimit(.minutes(10)))
struct HostileStreamTests {
    private static func echo(_ requests: RequestMessages, _ writer: ResponseWriter) async throws {
        for try await message in requests { try await writer.send(message) }
    }

    @Test("messages keep their order, whatever their delays")
    func order() async throws {
        try await Rig.run { rig in
            try await rig.serveStream(Self.echo)
            var stream = RandomStream(seed: 1, name: "link")
            let count = 40
            for _ in 0..<(2 * count + 1) {
                let delay = Duration.milliseconds(Int.random(in: 0...9, using: &stream))
                rig.links.next(.message, .delivered(after: delay))
            }
            let received = Mutex<[UInt8]?>(nil)
            async let exchange: Void = rig.channel.withStream(Rig.call()) { stream in
                async let sent: Void = Self.send(count, on: stream)
                var messages: [UInt8] = []
                while let message = try await stream.next() { messages += message }
                try await sent
                received.withLock { $0 = messages }
            }
            while received.withLock({ $0 }) == nil {
                rig.clock.advanceToNext()
                await Task.yield()
            }
            try await exchange
            #expect(received.withLock { $0 } == (0..<UInt8(count)).map { $0 })
            #expect(rig.clock.now.sinceStart > .zero)
        }
    }

    private static func send(_ count: Int, on stream: ClientStream) async throws {
        for number in 0..<UInt8(count) { try await stream.send([number]) }
        stream.finishSending()
    }

    @Test("a lost message stalls its stream until the deadline, at both ends")
    func lostMessage() async throws {
        try await Rig.run { rig in
            try await rig.serveStream(Self.echo)
            rig.links.next(.message, .lost)
            async let error = Self.failure {
                try await rig.channel.withStream(Rig.call(.seconds(2))) { try await $0.send([1]) }
            }
            await rig.until { rig.links.count("message lost") == 1 }
            await rig.untilSleeping(2)
            await rig.until { rig.work.running == 1 }
            rig.clock.advance(by: .seconds(2))
            #expect(await error?.code == .deadlineExceeded)
            await rig.until { rig.work.running == 0 }
        }
    }

    @Test("a lost opening waits for the deadline, and no handler runs")
    func lostOpening() async throws {
        try await Rig.run { rig in
            try await rig.serveStream(Self.echo)
            rig.links.next(.request, .lost)
            async let error = Self.failure {
                _ = try await rig.channel.open(Rig.call(.seconds(2)))
            }
            await rig.untilSleeping(1)
            rig.clock.advance(by: .seconds(2))
            #expect(await error?.code == .deadlineExceeded)
            #expect(rig.work.started == 0)
        }
    }

    @Test("a caller that cancels ends the server's side once the cancellation arrives")
    func cancellation() async throws {
        try await Rig.run { rig in
            try await rig.serveStream(Self.echo)
            let stream = try await rig.channel.open(Rig.call())
            await rig.until { rig.work.running == 1 }
            rig.links.next(.cancellation, .delivered(after: .milliseconds(2)))
            stream.cancel()
            #expect(await Self.failure { _ = try await stream.next() }?.code == .cancelled)
            await rig.untilSleeping(1)
            #expect(rig.work.running == 1)
            rig.clock.advance(by: .milliseconds(2))
            await rig.until { rig.work.running == 0 }
        }
    }

    @Test("a reset ends both sides; messages that arrived before can be read")
    func reset() async throws {
        try await Rig.run { rig in
            try await rig.serveStream(Self.echo)
            let stream = try await rig.channel.open(Rig.call())
            try await stream.send([1])
            #expect(try await stream.next() == [1])
            rig.links.next(.message, .reset())
            let sent = await Self.failure { try await stream.send([2]) }
            #expect(sent?.code == .unavailable)
            #expect(await Self.failure { _ = try await stream.next() }?.code == .unavailable)
            await rig.until { rig.work.running == 0 }
        }
    }

    @Test("a crash ends a host's streams, after the messages already sent")
    func crash() async throws {
        try await Rig.run { rig in
            try await rig.serveStream { _, writer in
                try await writer.send([1])
                try await rig.clock.sleep(until: .init(sinceStart: .seconds(60)))
            }
            let stream = try await rig.channel.open(Rig.call())
            await rig.untilSleeping(1)
            rig.ledger.crash()
            #expect(try await stream.next() == [1])
            #expect(await Self.failure { _ = try await stream.next() }?.code == .unavailable)
        }
    }

    @Test("a refused stream goes on to the next host")
    func refused() async throws {
        try await Rig.run { rig in
            try await rig.serveStream(Self.echo)
            rig.names.set("nobody", "ledger")
            try await rig.channel.withStream(Rig.call(.seconds(1))) { stream in
                try await stream.send([5])
                stream.finishSending()
                #expect(try await stream.next() == [5])
                #expect(try await stream.next() == nil)
            }
            #expect(rig.links.count("request refused") == 1)
        }
    }

    @Test("a message can be damaged in transit")
    func mangling() async throws {
        try await Rig.run { rig in
            try await rig.serveStream(Self.echo)
            let stream = try await rig.channel.open(Rig.call())
            rig.links.next(.message, Verdict(deliveries: [.init(mangling: .corrupt(at: 0))]))
            try await stream.send([0])
            #expect(try await stream.next() == [1])
            stream.cancel()
        }
    }

    private static func failure(_ body: () async throws -> Void) async -> RPCError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RPCError
        }
    }
}
