import InMemoryTransport
import Simulation
import Synchronization
import Testing
import TransportCore

@Suite("The in-memory transport, in virtual time", .timeLimit(.minutes(10)))
struct InMemoryTransportTests {
    private let clock = VirtualClock()
    private let home = Endpoint(host: "ledger", port: 50_052)

    private func transport() -> InMemoryNetwork {
        InMemoryNetwork(timeline: Timeline(self.clock))
    }

    private func router(
        _ answer: @escaping @Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply
    ) throws -> Router {
        let method = RegisteredMethod(name: "test.T/Call", kind: .unary, handler: .unary(answer))
        return try Router([method], policies: [])
    }

    private func call(timeout: Duration? = nil, waitForReady: Bool = false) -> OutgoingCall {
        OutgoingCall(method: "test.T/Call", timeout: timeout, waitForReady: waitForReady)
    }

    private func untilSomebodySleeps() async {
        while self.clock.sleeperCount == 0 { await Task.yield() }
    }

    @Test("a name is an endpoint; port 0 is the next free one of its host")
    func endpoints() async throws {
        let transport = self.transport()
        let router = try self.router { _, message in UnaryReply(message) }
        let free = Endpoint(host: "ledger", port: 0)
        let servers = [
            try await transport.serve(router, at: self.home),
            try await transport.serve(router, at: free),
            try await transport.serve(router, at: free),
        ]
        #expect(servers.map(\.endpoint.port) == [50_052, 49_152, 49_153])
        await servers[1].stop()
        let again = try await transport.serve(router, at: free)
        #expect(again.endpoint.port == 49_152)
        for server in servers + [again] { await server.stop() }
    }

    @Test("a deadline is a moment of the given timeline, to the nanosecond")
    func deadline() async throws {
        let transport = self.transport()
        let seen = Mutex<Timeline.Instant?>(nil)
        let server = try await transport.serve(
            try self.router { call, _ in
                seen.withLock { $0 = call.deadline }
                try await self.clock.sleep(until: .init(sinceStart: .seconds(60)))
                return UnaryReply([])
            },
            at: self.home
        )
        self.clock.advance(by: .seconds(1))
        let channel = transport.channel(to: self.home)
        async let reply = Self.code {
            _ = try await channel.unary(self.call(timeout: .seconds(10)), [])
        }
        // The handler, and the timers of caller and server.
        while self.clock.sleeperCount < 3 { await Task.yield() }
        #expect(seen.withLock { $0 } == Timeline.Instant(nanoseconds: 11_000_000_000))
        self.clock.advance(by: .seconds(10) - .nanoseconds(1))
        #expect(self.clock.sleeperCount == 3)
        self.clock.advance(by: .nanoseconds(1))
        #expect(await reply == .deadlineExceeded)
        await server.stop()
        #expect(self.clock.sleeperCount == 0)
    }

    @Test("an ended call leaves no timer")
    func noTimer() async throws {
        let transport = self.transport()
        let router = try self.router { _, message in UnaryReply(message) }
        let server = try await transport.serve(router, at: self.home)
        let channel = transport.channel(to: self.home)
        for number in UInt8(0)..<100 {
            let reply = try await channel.unary(self.call(timeout: .seconds(5)), [number])
            #expect(reply.message == [number])
        }
        await server.drain()
        #expect(self.clock.sleeperCount == 0)
    }

    @Test("waiting for a server ends at its virtual deadline")
    func waitForReady() async throws {
        let channel = self.transport().channel(to: self.home)
        let call = self.call(timeout: .seconds(3), waitForReady: true)
        async let code = Self.code { _ = try await channel.unary(call, []) }
        await self.untilSomebodySleeps()
        self.clock.advanceToNext()
        #expect(await code == .deadlineExceeded)
        #expect(self.clock.now.sinceStart == .seconds(3))
    }

    @Test("after a stop no handler is running, even one that ignores cancellation")
    func noTaskLeft() async throws {
        let transport = self.transport()
        let running = Mutex(0)
        let router = try self.router { _, message in
            running.withLock { $0 += 1 }
            defer { running.withLock { $0 -= 1 } }
            try? await self.clock.sleep(until: .init(sinceStart: .seconds(60)))
            for _ in 0..<50 { await Task.yield() }
            return UnaryReply(message)
        }
        let server = try await transport.serve(router, at: self.home)
        let channel = transport.channel(to: self.home)
        await withTaskGroup(of: StatusCode?.self) { group in
            for _ in 0..<20 {
                group.addTask { await Self.code { _ = try await channel.unary(self.call(), []) } }
            }
            while running.withLock({ $0 }) < 20 { await Task.yield() }
            await server.stop()
            #expect(running.withLock { $0 } == 0)
            for await code in group { #expect(code == .unavailable) }
        }
    }

    @Test("task-local values of a caller stay with it")
    func taskLocals() async throws {
        let transport = self.transport()
        let router = try self.router { _, _ in UnaryReply([Local.value]) }
        let server = try await transport.serve(router, at: self.home)
        let reply = try await Local.$value.withValue(7) {
            try await transport.channel(to: self.home).unary(self.call(), [])
        }
        #expect(reply.message == [0])
        await server.stop()
    }

    @Test("the error names an endpoint without a server")
    func nobody() async throws {
        let channel = self.transport().channel(to: self.home)
        let error = await #expect(throws: RPCError.self) {
            try await channel.unary(self.call(), [])
        }
        #expect(error?.message == "no server at ledger:50052")
    }

    private static func code(_ body: () async throws -> Void) async -> StatusCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? RPCError)?.code
        }
    }
}

private enum Local {
    @TaskLocal
    static var value: UInt8 = 0
}
