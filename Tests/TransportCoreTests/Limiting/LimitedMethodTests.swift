import Testing

@testable import TransportCore

@Suite("Methods under a limiter", .timeLimit(.minutes(10)))
struct LimitedMethodTests {
    private static let unary = RegisteredMethod(
        name: "a.S/Unary",
        kind: .unary,
        handler: .unary { _, message in UnaryReply(message + [7], trailers: ["x-tail": "t"]) }
    )
    private static let stream = RegisteredMethod(
        name: "a.S/Stream",
        kind: .bidirectional,
        handler: .streaming { _, _, _ in ["x-tail": "s"] }
    )

    /// The result of `method` under a limiter with a limit of one, busy or idle.
    private func outcome(_ method: RegisteredMethod, isBusy: Bool) throws -> Outcome {
        try inVirtualTime { timeline in
            let limiter = ConcurrencyLimiter(
                .fixed(1, queueMax: 0),
                timeline: timeline,
                delay: { .zero }
            )
            let other = Task {
                guard isBusy else { return }
                try await limiter.run(until: nil) { try await timeline.sleep(for: .seconds(1)) }
            }
            try await timeline.sleep(for: .milliseconds(1))
            let outcome = await method.limited(by: limiter).outcome()
            try await other.value
            return outcome
        }
    }

    @Test("a unary call below the limit is answered normally")
    func unary() throws {
        #expect(try self.outcome(Self.unary, isBusy: false) == .success(["x-tail": "t"]))
    }

    @Test("a unary call over the limit is shed")
    func shed() throws {
        let outcome = try self.outcome(Self.unary, isBusy: true)
        #expect(outcome.error?.code == .resourceExhausted)
        #expect(outcome.error?.reason == ConcurrencyLimiter.reason)
    }

    @Test("a stream is never limited")
    func stream() throws {
        #expect(try self.outcome(Self.stream, isBusy: true) == .success(["x-tail": "s"]))
    }

    @Test("a unary call waits no longer than its deadline allows")
    func deadline() throws {
        let (outcome, load) = try inVirtualTime { timeline in
            let limiter = ConcurrencyLimiter(.fixed(1), timeline: timeline, delay: { .zero })
            let other = Task {
                try await limiter.run(until: nil) { try await timeline.sleep(for: .seconds(1)) }
            }
            try await timeline.sleep(for: .milliseconds(1))
            let outcome = await Self.unary.limited(by: limiter).outcome(until: .at(500))
            try await other.value
            return (outcome, limiter.load)
        }
        #expect(outcome.error?.code == .resourceExhausted)
        #expect(load.shed == 1)
    }

    @Test("a limited method has the name and the kind of the method")
    func names() {
        let limiter = ConcurrencyLimiter(.fixed(1), timeline: TestClock.frozen, delay: { .zero })
        for method in [Self.unary, Self.stream] {
            let limited = method.limited(by: limiter)
            #expect(limited.name == method.name)
            #expect(limited.kind == method.kind)
        }
    }
}

/// The trailers of an answer, or the error.
private typealias Outcome = Result<Metadata, RPCError>

extension RegisteredMethod {
    /// The result of one call of the method.
    fileprivate func outcome(until deadline: Timeline.Instant? = nil) async -> Outcome {
        let call = IncomingCall(method: self.name, deadline: deadline)
        do {
            switch self.handler {
            case .unary(let handler): return .success(try await handler(call, [1]).trailers)
            case .streaming(let handler):
                let requests = RequestMessages(MessagePipe())
                return .success(try await handler(call, requests, ResponseWriter(StuckSink())))
            }
        } catch {
            return .failure(RPCError(thrown: error))
        }
    }
}
