import TestSupport
import Testing
import TransportCore

/// Tests of the policies that refuse calls, over both transports.
@Suite("Policies", .timeLimit(.minutes(10)))
struct PolicyTests {
    @Test("a breaker stops calls to a failing service", arguments: TransportKind.allCases)
    func breaker(_ kind: TransportKind) async throws {
        let asked = Notes<Int>()
        let method = RegisteredMethod.raw { _, _ in
            asked.note(1)
            throw RPCError(.unavailable, "away")
        }
        try await kind.with(method) { fixture in
            let channel = BreakerChannel(
                fixture.channel,
                target: "test",
                CircuitBreaking(),
                timeline: fixture.timeline
            )
            for _ in 0..<20 { _ = await channel.unaryFailure(.raw()) }
            let refused = await channel.unaryFailure(.raw())
            #expect(refused?.reason == BreakerChannel.reason)
            #expect(refused?.wasNeverProcessed == true)
            #expect(asked.events.count == 20)
            #expect(channel.states.map(\.state) == [.open])
        }
    }

    @Test(
        "a full service sheds with OVERLOAD and a wait, and still answers health checks",
        arguments: TransportKind.allCases
    )
    func limiter(_ kind: TransportKind) async throws {
        let (gate, entered) = (Gate(), Gate())
        var rules = LoadShedding()
        (rules.limitMin, rules.limitMax, rules.queueMax) = (1, 1, 0)
        let timeline = Timeline(ContinuousClock())
        let limiter = ConcurrencyLimiter(rules, timeline: timeline, delay: { .zero })
        let method = RegisteredMethod.raw { _, message in
            entered.open()
            try await gate.wait()
            return UnaryReply(message)
        }
        let health = HealthRegistry(services: ["test.Raw"])
        health.set("test.Raw", .serving)
        let check = HealthService.methods(health, timeline: timeline)[0]
        try await kind.with(method.limited(by: limiter), check) { fixture in
            async let first = fixture.channel.unary(.raw(), [1])
            try await entered.wait()
            let shed = await fixture.channel.unaryFailure(.raw(), [2])
            #expect(shed?.code == .resourceExhausted)
            #expect(shed?.reason == ConcurrencyLimiter.reason)
            #expect(shed?.reasonMetadata?["retry_after_ms"] != nil)
            let status = try await HealthClient(fixture.channel)
                .check("test.Raw", timeout: .seconds(300))
            #expect(status == .serving)
            #expect(limiter.load.shed == 1)
            gate.open()
            let reply = try await first
            #expect(reply.message == [1])
        }
    }

    @Test(
        "a hedged call is answered by the second attempt when the first hangs",
        arguments: TransportKind.allCases
    )
    func hedging(_ kind: TransportKind) async throws {
        let gate = Gate()
        let method = RegisteredMethod.raw { call, message in
            if call.metadata.text("grpc-previous-rpc-attempts") == nil { try await gate.wait() }
            return UnaryReply(message)
        }
        try await kind.with(method) { fixture in
            var config = MethodConfig(names: [.init()])
            config.hedging = HedgingPolicy(maxAttempts: 2, delay: .zero, nonFatalCodes: [])
            var service = ServiceConfig()
            service.methods = [config]
            let channel = RetryChannel(
                fixture.channel,
                service,
                timeline: fixture.timeline,
                draw: { 0.5 },
                observer: NoObserver()
            )
            let reply = try await channel.unary(.raw(), [7])
            #expect(reply.message == [7])
            gate.open()
        }
    }
}
