import InMemoryTransport
import Simulation
import Testing
import TransportCore

@Suite("Health checks between hosts", .timeLimit(.minutes(10)))
struct HostHealthTests {
    private static let service = "test.T"

    /// Two hosts `a` and `b` under one name, each with a health registry.
    private struct Pair {
        let rig: Rig
        let channel: any Channel
        let healths: [HealthRegistry]
        let hosts: [InMemoryHost]
        private let hasHealth: Bool

        init(_ rig: Rig, hasHealth: Bool = true) async throws {
            var config = ServiceConfig.roundRobin
            config.healthCheckService = HostHealthTests.service
            self.rig = rig
            self.hasHealth = hasHealth
            self.healths = (0..<2).map { _ in HealthRegistry(services: [HostHealthTests.service]) }
            self.hosts = ["a", "b"].map { rig.network.host($0, timeline: Timeline(rig.clock)) }
            self.channel = rig.shop.channel(to: Rig.home, config)
            rig.names.set("a", "b")
            for place in self.hosts.indices {
                self.healths[place].set(HostHealthTests.service, .serving)
                try await self.serve(place, on: self.hosts[place])
            }
        }

        func serve(_ place: Int, on host: InMemoryHost) async throws {
            let echo = RegisteredMethod(
                name: "test.T/Call",
                kind: .unary,
                handler: .unary { _, _ in UnaryReply([UInt8(place)]) }
            )
            let health = HealthService.methods(
                self.healths[place],
                timeline: Timeline(self.rig.clock)
            )
            let methods = [echo] + (self.hasHealth ? health : [])
            _ = try await host.serve(try Router(methods, policies: []), at: Rig.home)
        }

        func call(_ timeout: Duration? = nil, waitForReady: Bool = false) async throws -> UInt8? {
            let call = Rig.call(timeout, waitForReady: waitForReady)
            return try await self.channel.unary(call, []).message.first
        }

        /// The error of a call, or nil.
        func failure(
            _ timeout: Duration? = nil,
            waitForReady: Bool = false
        ) async -> RPCError? {
            do {
                _ = try await self.call(timeout, waitForReady: waitForReady)
                return nil
            } catch {
                return error as? RPCError
            }
        }

        /// The hosts that answer the next `count` calls.
        func answers(_ count: Int) async throws -> [UInt8?] {
            var answers: [UInt8?] = []
            for _ in 0..<count { answers.append(try await self.call()) }
            return answers
        }

        /// Repeats four calls until exactly the hosts in `places` answer them, and expects that it
        /// stays so.
        func expectOnly(
            _ places: Set<UInt8?>,
            at location: SourceLocation = #_sourceLocation
        ) async throws {
            while Set(try await self.answers(4)) != places {
                try Task.checkCancellation()
                await Task.yield()
            }
            for _ in 0..<4 {
                #expect(Set(try await self.answers(2)) == places, sourceLocation: location)
            }
        }

        /// Waits until a call with a deadline waits besides two watches, which have timers at both
        /// ends.
        func untilWaiting() async { await self.rig.untilSleeping(5) }

        func close() async { for host in self.hosts { await host.close() } }
    }

    private static func run(
        hasHealth: Bool = true,
        _ body: (Pair) async throws -> Void
    ) async throws {
        try await Rig.run { rig in
            let pair = try await Pair(rig, hasHealth: hasHealth)
            try await body(pair)
            await pair.close()
        }
    }

    @Test("calls go to serving hosts, and to one that serves again")
    func follows() async throws {
        try await Self.run { pair in
            try await pair.expectOnly([0, 1])
            pair.healths[1].set(Self.service, .notServing)
            try await pair.expectOnly([0])
            pair.healths[1].set(Self.service, .serving)
            try await pair.expectOnly([0, 1])
        }
    }

    @Test("when no host serves, a call fails at once, unprocessed")
    func noneServes() async throws {
        try await Self.run { pair in
            for health in pair.healths { health.set(Self.service, .notServing) }
            let error = await pair.failure()
            #expect(error?.code == .unavailable)
            #expect(error?.wasNeverProcessed == true)
            #expect(error?.message.contains("says that it serves") == true)
        }
    }

    @Test("a call that waits for ready waits until a host serves")
    func waitsForReady() async throws {
        try await Self.run { pair in
            for health in pair.healths { health.set(Self.service, .notServing) }
            #expect(await pair.failure() != nil)
            async let answer = pair.call(.seconds(60), waitForReady: true)
            await pair.untilWaiting()
            pair.healths[1].set(Self.service, .serving)
            let place = try await answer
            #expect(place == 1)
        }
    }

    @Test("a call to hosts without a report waits until its deadline")
    func unheard() async throws {
        try await Self.run { pair in
            pair.rig.links.always(.request, .lost)
            async let error = pair.failure(.milliseconds(500))
            // The deadlines of the call and of the two watches.
            await pair.rig.untilSleeping(3)
            pair.rig.clock.advance(by: .milliseconds(500))
            #expect(await error?.code == .deadlineExceeded)
        }
    }

    @Test("a watch lost by the link is renewed")
    func begunAnew() async throws {
        try await Self.run { pair in
            pair.rig.links.next(.request, .lost, .lost)
            async let answer = pair.call(waitForReady: true)
            await pair.rig.untilSleeping(2)
            pair.rig.clock.advance(by: .seconds(5))
            await pair.rig.untilSleeping(2)
            pair.rig.clock.advance(by: .seconds(1))
            let place = try await answer
            #expect(place != nil)
        }
    }

    @Test("a host without a health service counts as serving")
    func withoutHealth() async throws {
        try await Self.run(hasHealth: false) { pair in
            try await pair.expectOnly([0, 1])
        }
    }

    @Test("a host without a health service is called again after its return")
    func backWithoutHealth() async throws {
        try await Self.run(hasHealth: false) { pair in
            try await pair.expectOnly([0, 1])
            await pair.close()
            async let answer = pair.call(waitForReady: true)
            await pair.rig.until { pair.rig.links.count("request refused") == 2 }
            let back = pair.rig.network.host("a", timeline: Timeline(pair.rig.clock))
            try await pair.serve(0, on: back)
            await pair.rig.untilSleeping(2)
            pair.rig.clock.advance(by: .seconds(5))
            let place = try await answer
            #expect(place == 0)
            await back.close()
        }
    }

    @Test("a waiting call ends with its caller's process or task")
    func endsWithCaller() async throws {
        try await Self.run { pair in
            for health in pair.healths { health.set(Self.service, .notServing) }
            #expect(await pair.failure() != nil)
            let left = Task { await pair.failure(.seconds(60), waitForReady: true) }
            await pair.untilWaiting()
            left.cancel()
            #expect(await left.value?.code == .cancelled)
            async let crashed = pair.failure(.seconds(60), waitForReady: true)
            await pair.untilWaiting()
            pair.rig.shop.crash()
            #expect(await crashed?.wasNeverProcessed == true)
        }
    }

    @Test("watches do not count as calls in flight, and end with their host")
    func endsWithHost() async throws {
        try await Self.run { pair in
            try await pair.expectOnly([0, 1])
            #expect(pair.hosts.allSatisfy { $0.callsInFlight == 0 })
            await pair.hosts[0].close()
            try await pair.expectOnly([1])
        }
    }
}
