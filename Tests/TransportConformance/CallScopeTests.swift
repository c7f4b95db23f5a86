import TestSupport
import Testing
import TransportCore

/// Tests of the scope that a handler's own calls inherit.
@Suite("The scope of nested calls", .timeLimit(.minutes(10)))
struct CallScopeTests {
    /// Runs `body` with a front server whose only method calls the fixture's server.
    private func withFront(
        _ kind: TransportKind,
        back: RegisteredMethod,
        limit: Duration = .seconds(10),
        _ body: (any Channel) async throws -> Void
    ) async throws {
        try await kind.with(back) { fixture in
            let deadlines = DeadlinePolicy(timeline: fixture.timeline, limit: limit)
            let policies: [any ClientPolicy] = [deadlines, RequestContextPolicy()]
            let channel = PolicyChannel(fixture.channel, policies: policies)
            let front = RegisteredMethod.named("test.Front/Call", .unary) { _, message in
                try await channel.unary(.raw(), message)
            }
            let server = try await fixture.transport.serve([front])
            let failure = await status {
                try await body(fixture.transport.channel(to: server.endpoint))
            }
            await server.stop()
            if let failure { throw failure }
        }
    }

    private func call(_ metadata: Metadata = [:], timeout: Duration? = nil) -> OutgoingCall {
        OutgoingCall(method: "test.Front/Call", metadata: metadata, timeout: timeout)
    }

    @Test("the request's ids are passed on", arguments: TransportKind.allCases)
    func names(_ kind: TransportKind) async throws {
        let back = RegisteredMethod.raw { call, _ in
            let fields = ["x-request-id", "traceparent", "x-other"].map { call.metadata.text($0) }
            return UnaryReply(Array(fields.map { $0 ?? "-" }.joined(separator: " ")))
        }
        try await self.withFront(kind, back: back) { channel in
            let named = self.call(["x-request-id": "r1", "traceparent": "t1", "x-other": "o"])
            let answer = try await channel.unary(named, [])
            #expect(answer.message.text == "r1 t1 -")
            let other = try await channel.unary(self.call(), [])
            #expect(other.message.text == "- - -")
        }
    }

    @Test("the deadline is passed on and shrinks", arguments: TransportKind.allCases)
    func deadline(_ kind: TransportKind) async throws {
        let seen = Notes<Timeline.Instant>()
        let back = RegisteredMethod.raw { call, message in
            if let deadline = call.deadline { seen.note(deadline) }
            return UnaryReply(message)
        }
        try await self.withFront(kind, back: back, limit: .seconds(1_000)) { channel in
            _ = try await channel.unary(self.call(timeout: .seconds(100)), [])
            _ = try await channel.unary(self.call(), [])
            let inherited = try #require(seen.events.first)
            let limited = try #require(seen.events.last)
            #expect(inherited.duration(to: limited) > .seconds(800))
        }
    }

    @Test("a nested call ends with the request's deadline", arguments: TransportKind.allCases)
    func nestedDeadline(_ kind: TransportKind) async throws {
        let (started, cancelled) = (Gate(), Gate())
        let back = RegisteredMethod.raw { _, message in
            started.open()
            do { try await Gate().wait() } catch { cancelled.open() }
            return UnaryReply(message)
        }
        try await self.withFront(kind, back: back) { channel in
            let failure = await channel.unaryFailure(self.call(timeout: .milliseconds(300)))
            #expect(failure?.code == .deadlineExceeded)
            // A busy machine may leave no time for the nested call at all.
            if started.isOpen { try await cancelled.wait() }
        }
    }

    @Test("cancelling a request cancels its nested calls", arguments: TransportKind.allCases)
    func nestedCancellation(_ kind: TransportKind) async throws {
        let (started, cancelled) = (Gate(), Gate())
        let back = RegisteredMethod.raw { _, message in
            started.open()
            do { try await Gate().wait() } catch { cancelled.open() }
            return UnaryReply(message)
        }
        try await self.withFront(kind, back: back) { channel in
            let caller = Task { await channel.unaryFailure(self.call()) }
            try await started.wait()
            caller.cancel()
            #expect(await caller.value?.code == .cancelled)
            try await cancelled.wait()
        }
    }

    @Test("a caller's scope does not leak into a handler", arguments: TransportKind.allCases)
    func noLeak(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw { _, _ in
            let scope = CallScope.current
            return UnaryReply(Array(scope == CallScope() ? "empty" : "\(scope)"))
        }
        try await kind.with(method) { fixture in
            let scope = CallScope(requestID: "of the caller", traceParent: "t")
            let reply = try await CallScope.$current.withValue(scope) {
                try await fixture.channel.unary(.raw(), [])
            }
            #expect(reply.message.text == "empty")
        }
    }

    @Test("streaming handlers have their scope, too", arguments: TransportKind.allCases)
    func streamScope(_ kind: TransportKind) async throws {
        let method = RegisteredMethod.raw(.serverStreaming) { call, _, writer in
            let scope = CallScope.current
            let same = scope.deadline == call.deadline && scope.deadline != nil
            try await writer.send(Array("\(scope.requestID ?? "-") \(same)"))
            return [:]
        }
        try await kind.with(method) { fixture in
            let call = OutgoingCall.raw(["x-request-id": "r2"], timeout: .seconds(10))
            let exchange = try await fixture.channel.exchange(call)
            #expect(exchange.messages.map(\.text) == ["r2 true"])
        }
    }
}
