import Simulation
import Synchronization
import Testing

@testable import TransportCore

@Suite("A channel with circuit breakers", .timeLimit(.minutes(10)))
struct BreakerChannelTests {
    private static let method = "ledger.LedgerService/RecordTransaction"
    private static let call = OutgoingCall(method: method)
    private static let left = RPCError(.cancelled, "the caller left")

    private let clock = VirtualClock()

    /// A channel with breakers, and the scripted channel behind it.
    private func channel(
        _ answers: [ScriptedChannel.Answer]
    ) -> (BreakerChannel, ScriptedChannel) {
        let timeline = Timeline(self.clock)
        let base = ScriptedChannel(answers, timeline)
        let channel = BreakerChannel(base, target: "ledger", CircuitBreaking(), timeline: timeline)
        return (channel, base)
    }

    /// Makes `count` calls one after the other; returns the last outcome.
    @discardableResult
    private func make(
        _ count: Int,
        _ channel: BreakerChannel,
        _ method: String = BreakerChannelTests.method
    ) async -> Result<[UInt8], RPCError> {
        let call = OutgoingCall(method: method)
        for _ in 1..<count { _ = await channel.outcome(of: call) }
        return await channel.outcome(of: call)
    }

    @Test(
        "four codes count as failures, all others as successes",
        arguments: StatusCode.allCases.filter { $0 != .ok }
    )
    func codes(_ code: StatusCode) async {
        let failures: Set<StatusCode> = [
            .unavailable, .deadlineExceeded, .internalError, .unknown,
        ]
        let error = RPCError(code, "no")
        let (channel, base) = self.channel([.failure(error)])
        #expect(await self.make(20, channel) == .failure(error))
        let last = await self.make(10, channel)
        #expect(base.attempts.count == (failures.contains(code) ? 20 : 30))
        #expect((last.error?.reason == BreakerChannel.reason) == failures.contains(code))
    }

    @Test(
        "UNAVAILABLE and DEADLINE_EXCEEDED with a reason count as successes",
        arguments: [StatusCode.unavailable, .deadlineExceeded]
    )
    func reasons(_ code: StatusCode) async {
        let error = RPCError(code, "the ledger is away", reason: "UNAVAILABLE")
        let (channel, base) = self.channel([.failure(error)])
        #expect(await self.make(100, channel) == .failure(error))
        #expect(base.attempts.count == 100)
        #expect(channel.states.map { $0.state } == [.closed])
    }

    @Test("a recovered service is called at once, despite open breakers")
    func recovers() async {
        var answers = Array(repeating: ScriptedChannel.Answer.failure(.away), count: 40)
        answers.append(.reply([7]))
        let (channel, base) = self.channel(answers)
        await self.make(20, channel, "a.S/X")
        await self.make(20, channel, "a.S/Y")
        channel.serviceRecovered()
        #expect(channel.states.map { $0.state } == [.halfOpen, .halfOpen])
        #expect(await self.make(3, channel, "a.S/X") == .success([7]))
        #expect(await self.make(3, channel, "a.S/Y") == .success([7]))
        #expect(channel.states.map { $0.state } == [.closed, .closed])
        #expect(base.attempts.count == 46)
    }

    @Test("answers pass unchanged")
    func replies() async {
        let (channel, base) = self.channel([.reply([7])])
        #expect(await self.make(100, channel) == .success([7]))
        #expect(base.attempts.count == 100)
        #expect(channel.states.map { $0.state } == [.closed])
    }

    @Test("a refusal has its reason, a wait, and was never processed")
    func refusal() async throws {
        let (channel, base) = self.channel([.failure(.away)])
        await self.make(20, channel)
        self.clock.advance(by: .seconds(1))
        let outcome = await self.make(1, channel)
        let error = try #require(outcome.error)
        #expect(error.code == .unavailable)
        #expect(error.reason == "BREAKER_OPEN")
        #expect(error.reasonMetadata == ["retry_after_ms": "4000"])
        #expect(error.wasNeverProcessed)
        #expect(error.pushback == .never)
        #expect(error.message.hasPrefix("ledger "))
        #expect(error.message.contains(Self.method))
        #expect(base.attempts.count == 20)
    }

    @Test("each method has a breaker of its own")
    func methods() async {
        let (channel, base) = self.channel([.failure(.away)])
        await self.make(20, channel, "a.S/X")
        await self.make(19, channel, "a.S/Y")
        await self.make(1, channel, "a.S/X")
        #expect(base.attempts.count == 39)
        let states = channel.states
        #expect(states.map { $0.method } == ["a.S/X", "a.S/Y"])
        #expect(states.map { $0.state } == [.open, .closed])
    }

    @Test("the state is current even without calls")
    func states() async {
        let (channel, _) = self.channel([.failure(.away)])
        #expect(channel.states.isEmpty)
        await self.make(20, channel)
        self.clock.advance(by: .milliseconds(4_999))
        #expect(channel.states.map { $0.state } == [.open])
        self.clock.advance(by: .milliseconds(1))
        #expect(channel.states.map { $0.state } == [.halfOpen])
    }

    @Test("three answered probes close it")
    func closes() async {
        var answers = Array(repeating: ScriptedChannel.Answer.failure(.away), count: 20)
        answers.append(.reply([7]))
        let (channel, base) = self.channel(answers)
        await self.make(20, channel)
        self.clock.advance(by: .seconds(5))
        await self.make(2, channel)
        #expect(channel.states.map { $0.state } == [.halfOpen])
        #expect(await self.make(1, channel) == .success([7]))
        #expect(channel.states.map { $0.state } == [.closed])
        #expect(base.attempts.count == 23)
    }

    @Test("CANCELLED never counts, neither closed nor as a probe")
    func cancelled() async {
        let cancelled = Array(repeating: ScriptedChannel.Answer.failure(Self.left), count: 10)
        var answers = Array(repeating: ScriptedChannel.Answer.failure(.away), count: 19)
        answers += cancelled
        answers.append(.failure(.away))
        answers += cancelled
        answers.append(.reply([7]))
        let (channel, base) = self.channel(answers)
        await self.make(29, channel)
        #expect(channel.states.map { $0.state } == [.closed])
        await self.make(1, channel)
        #expect(channel.states.map { $0.state } == [.open])
        self.clock.advance(by: .seconds(5))
        #expect(await self.make(10, channel) == .failure(Self.left))
        #expect(channel.states.map { $0.state } == [.halfOpen])
        #expect(await self.make(3, channel) == .success([7]))
        #expect(channel.states.map { $0.state } == [.closed])
        #expect(base.attempts.count == 43)
    }

    @Test("streams that cannot be opened count, and are refused too")
    func streams() async {
        let (channel, base) = self.channel([.failure(.away)])
        for _ in 0..<25 { _ = try? await channel.open(Self.call) }
        #expect(base.attempts.count == 20)
        let error = await #expect(throws: RPCError.self) { try await channel.open(Self.call) }
        #expect(error?.reason == BreakerChannel.reason)
    }

    @Test("each opening is reported once, however many calls fail")
    func told() throws {
        let (first, second) = try inVirtualTime { timeline in
            let opened = Mutex<[String]>([])
            let channel = BreakerChannel(
                ScriptedChannel([.failure(.away, after: .milliseconds(10))], timeline),
                target: "ledger",
                CircuitBreaking(),
                timeline: timeline,
                onOpened: { method in opened.withLock { $0.append(method) } }
            )
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { _ = await channel.outcome(of: Self.call) } }
            }
            let first = opened.withLock { $0 }
            try await timeline.sleep(for: .seconds(6))
            _ = await channel.outcome(of: Self.call)
            return (first, opened.withLock { $0 })
        }
        #expect(first == [Self.method])
        #expect(second == [Self.method, Self.method])
    }
}
