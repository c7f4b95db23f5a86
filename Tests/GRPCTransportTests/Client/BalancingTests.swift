import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("A channel over several replicas", .timeLimit(.minutes(10)))
struct BalancingTests {
    private static let name = Endpoint(host: "service.test", port: 1)

    /// Counts the calls of three replicas and controls their answers.
    private final class Replicas: Sendable {
        let counts = Mutex([0, 0, 0])

        func method(
            _ index: Int,
            _ answer: @escaping @Sendable () async throws -> Void = {}
        ) -> RegisteredMethod {
            .unary("test.Echo/Unary") { message in
                self.counts.withLock { $0[index] += 1 }
                try await answer()
                return UnaryReply(message)
            }
        }
    }

    private static func withReplicas(
        _ methods: [[RegisteredMethod]],
        _ config: ServiceConfig,
        _ body: (any TransportCore.Channel, [ServerUnderTest]) async throws -> Void
    ) async throws {
        var servers: [ServerUnderTest] = []
        for methods in methods { servers.append(try await ServerUnderTest.start(methods)) }
        var options = HTTP2Transport.Options()
        options.resolver = FixedResolver(try servers.map { try $0.address })
        options.backoff.initial = .milliseconds(20)
        options.backoff.maximum = .milliseconds(20)
        let draws = Mutex(0.0)
        options.draw = {
            draws.withLock { last in
                last = (last + 0.618_034).truncatingRemainder(dividingBy: 1)
                return last
            }
        }
        let transport = HTTP2Transport(
            group: oneLoop,
            timeline: Timeline(ContinuousClock()),
            options: options
        )
        do {
            try await body(transport.channel(to: self.name, config), servers)
        } catch {
            Issue.record(error)
        }
        await transport.shutdown()
        for server in servers { await server.server.stop() }
    }

    /// The state of each server, in order.
    private static func states(
        _ client: any TransportCore.Channel,
        _ servers: [ServerUnderTest]
    ) async -> [EndpointState?] {
        let endpoints = await (client as? any EndpointReporting)?.endpoints() ?? []
        return servers.map { server in
            endpoints.first { $0.address.hasSuffix(":\(server.port)") }?.state
        }
    }

    /// Waits until all servers are ready.
    private static func untilReady(
        _ client: any TransportCore.Channel,
        _ servers: [ServerUnderTest]
    ) async throws {
        while await self.states(client, servers).contains(where: { $0 != .ready }) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// Calls until every replica has answered, so that all are connected.
    private static func warm(
        _ client: any TransportCore.Channel,
        _ replicas: Replicas
    ) async throws {
        while replicas.counts.withLock({ $0.contains(0) }) {
            _ = try await client.unary(.echo, [])
        }
        replicas.counts.withLock { $0 = [0, 0, 0] }
    }

    @Test("of 3,000 calls each of three replicas gets 28 to 38 %")
    func evenly() async throws {
        let replicas = Replicas()
        let methods = (0..<3).map { [replicas.method($0)] }
        try await Self.withReplicas(methods, .roundRobin) { client, _ in
            try await Self.warm(client, replicas)
            for _ in 0..<3_000 { _ = try await client.unary(.echo, []) }
            let shares = replicas.counts.withLock { $0.map { Double($0) / 3_000 } }
            #expect(shares.allSatisfy { (0.28...0.38).contains($0) }, "\(shares)")
        }
    }

    @Test("a replica whose calls fail is ejected, and the others serve")
    func ejected() async throws {
        let replicas = Replicas()
        let isSick = Mutex(false)
        var methods = (0..<2).map { [replicas.method($0)] }
        methods.append([
            replicas.method(2) {
                if isSick.withLock(\.self) { throw RPCError(.unavailable, "sick") }
            }
        ])
        var config = ServiceConfig.roundRobin
        var detection = OutlierDetection()
        // However slow the machine is, the ejection outlasts the calls.
        detection.baseEjectionTime = .seconds(3_600)
        config.outlierDetection = detection
        try await Self.withReplicas(methods, config) { client, servers in
            try await Self.warm(client, replicas)
            isSick.withLock { $0 = true }
            var failures = 0
            for _ in 0..<300 {
                if await failure({ _ = try await client.unary(.echo, []) }) != nil { failures += 1 }
            }
            #expect(failures == 5)
            #expect(replicas.counts.withLock { $0[2] } == 5)
            let states = await Self.states(client, servers)
            #expect(states == [.ready, .ready, .ejected])
        }
    }

    @Test("a restarted replica is called again while others serve")
    func restarted() async throws {
        let replicas = Replicas()
        try await Self.withReplicas((0..<3).map { [replicas.method($0)] }, .roundRobin) {
            client,
            servers in
            try await Self.warm(client, replicas)
            await servers[0].server.drain()
            while await Self.states(client, servers)[0] == .ready { try Task.checkCancellation() }
            let back = try await ServerUnderTest.start([replicas.method(0)], port: servers[0].port)
            replicas.counts.withLock { $0[0] = 0 }
            while replicas.counts.withLock({ $0[0] == 0 }) {
                #expect(try await client.unary(.echo, [1]).message == [1])
            }
            let states = await Self.states(client, servers)
            #expect(states == [.ready, .ready, .ready])
            await back.server.stop()
        }
    }

    @Test("a replica that drained and returned is called again, even if it is the only one")
    func drainedAlone() async throws {
        let replicas = Replicas()
        func methods(_ registry: HealthRegistry) -> [RegisteredMethod] {
            registry.set("test.Echo", .serving)
            let timeline = Timeline(ContinuousClock())
            return [replicas.method(0)] + HealthService.methods(registry, timeline: timeline)
        }
        let first = HealthRegistry(services: ["test.Echo"])
        var config = ServiceConfig.roundRobin
        config.healthCheckService = "test.Echo"
        try await Self.withReplicas([methods(first)], config) { client, servers in
            _ = try await client.unary(.echo, [])
            first.drain()
            while await Self.states(client, servers) != [.unhealthy] {
                try Task.checkCancellation()
            }
            await servers[0].server.drain()
            let second = methods(HealthRegistry(services: ["test.Echo"]))
            let back = try await ServerUnderTest.start(second, port: servers[0].port)
            while await failure({ _ = try await client.unary(.echo, []) }) != nil {
                try Task.checkCancellation()
            }
            #expect(replicas.counts.withLock { $0[0] } == 2)
            let states = await Self.states(client, servers)
            #expect(states == [.ready])
            await back.server.stop()
        }
    }

    @Test("a NOT_SERVING replica gets no calls until it is SERVING")
    func healthAware() async throws {
        let replicas = Replicas()
        let registries = (0..<3).map { _ in HealthRegistry(services: ["test.Echo"]) }
        for registry in registries { registry.set("test.Echo", .serving) }
        let timeline = Timeline(ContinuousClock())
        let methods = (0..<3).map { index in
            [replicas.method(index)] + HealthService.methods(registries[index], timeline: timeline)
        }
        var config = ServiceConfig.roundRobin
        config.healthCheckService = "test.Echo"
        try await Self.withReplicas(methods, config) { client, servers in
            try await Self.warm(client, replicas)
            registries[1].set("test.Echo", .notServing)
            while await Self.states(client, servers)[1] != .unhealthy {
                try Task.checkCancellation()
                await Task.yield()
            }
            replicas.counts.withLock { $0 = [0, 0, 0] }
            for _ in 0..<30 { _ = try await client.unary(.echo, []) }
            #expect(replicas.counts.withLock(\.self) == [15, 0, 15])
            registries[1].set("test.Echo", .serving)
            while replicas.counts.withLock({ $0[1] }) == 0 {
                _ = try await client.unary(.echo, [])
            }
        }
    }

    @Test("a listener is told when a replica connects, and when it serves again")
    func recovered() async throws {
        let registry = HealthRegistry(services: ["test.Echo"])
        let methods = HealthService.methods(registry, timeline: Timeline(ContinuousClock()))
        registry.set("test.Echo", .serving)
        var config = ServiceConfig.roundRobin
        config.healthCheckService = "test.Echo"
        try await Self.withReplicas([[.echo] + methods], config) { client, servers in
            let told = Notes<Int>()
            let reporting = try #require(client as? any RecoveryReporting)
            reporting.onRecovered { told.note(1) }
            _ = try await client.unary(.echo, [])
            #expect(told.events.count == 1)
            registry.set("test.Echo", .notServing)
            while await Self.states(client, servers)[0] != .unhealthy {
                try Task.checkCancellation()
                await Task.yield()
            }
            #expect(told.events.count == 1)
            registry.set("test.Echo", .serving)
            while told.events.count < 2 {
                try Task.checkCancellation()
                await Task.yield()
            }
            _ = try await client.unary(.echo, [])
            #expect(told.events.count == 2)
        }
    }

    @Test("calls fail at once with UNAVAILABLE when no replica serves")
    func noneServes() async throws {
        let registry = HealthRegistry(services: ["test.Echo"])
        let methods = HealthService.methods(registry, timeline: Timeline(ContinuousClock()))
        registry.set("test.Echo", .notServing)
        var config = ServiceConfig.roundRobin
        config.healthCheckService = "test.Echo"
        try await Self.withReplicas([[.echo] + methods], config) { client, _ in
            let error = await failure { _ = try await client.unary(.echo, []) }
            #expect(error?.code == .unavailable)
            #expect(error?.wasNeverProcessed == true)
            #expect(error?.message.contains("does not serve") == true)
        }
    }

    @Test("a server without a health service counts as serving")
    func withoutHealth() async throws {
        var config = ServiceConfig.roundRobin
        config.healthCheckService = ""
        try await Self.withReplicas([[.echo]], config) { client, _ in
            let reply = try await client.unary(.echo, [3])
            #expect(reply.message == [3])
        }
    }

    @Test("a killed replica fails no call that may be retried")
    func killed() async throws {
        let replicas = Replicas()
        let methods = (0..<3).map { [replicas.method($0)] }
        let config = try ServiceConfig(
            json: Array(
                """
                {"loadBalancingConfig": [{"round_robin": {}}],
                 "methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 3,
                   "initialBackoff": "0.01s", "maxBackoff": "0.1s", "backoffMultiplier": 2,
                   "retryableStatusCodes": ["UNAVAILABLE"]}}]}
                """.utf8
            )
        )
        try await Self.withReplicas(methods, config) { base, servers in
            let client = RetryChannel(
                base,
                config,
                timeline: Timeline(ContinuousClock()),
                draw: { 0.5 },
                observer: NoObserver()
            )
            try await Self.warm(client, replicas)
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        for number: UInt8 in 0..<100 {
                            let reply = try await client.unary(.echo, [number])
                            #expect(reply.message == [number])
                        }
                    }
                }
                group.addTask { await servers[1].server.stop() }
                try await group.waitForAll()
            }
        }
    }

    @Test("pick_first stays with the first working replica, then moves to the next")
    func pickFirst() async throws {
        let replicas = Replicas()
        var config = ServiceConfig()
        config.balancing = .pickFirst
        try await Self.withReplicas((0..<3).map { [replicas.method($0)] }, config) {
            client,
            servers in
            _ = try await client.unary(.echo, [])
            try await Self.untilReady(client, servers)
            replicas.counts.withLock { $0 = [0, 0, 0] }
            for _ in 0..<100 { _ = try await client.unary(.echo, []) }
            #expect(replicas.counts.withLock(\.self) == [100, 0, 0])
            await servers[0].server.stop()
            while await Self.states(client, servers)[0] == .ready { await Task.yield() }
            for _ in 0..<100 { _ = try await client.unary(.echo, []) }
            #expect(replicas.counts.withLock(\.self) == [100, 100, 0])
        }
    }

    @Test("least_request avoids a replica that has never answered")
    func leastRequest() async throws {
        let replicas = Replicas()
        let others = Gate()
        var methods = (0..<2).map { index in
            [
                replicas.method(index) {
                    if replicas.counts.withLock({ $0[0] + $0[1] }) >= 200 { others.open() }
                }
            ]
        }
        methods.append([replicas.method(2) { try await others.wait() }])
        var config = ServiceConfig()
        config.balancing = .leastRequest(choices: 2)
        try await Self.withReplicas(methods, config) { client, servers in
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<50 { _ = try await client.unary(.echo, []) } }
                    // The first ready connection gets all waiting calls.
                    try await Self.untilReady(client, servers)
                }
                try await group.waitForAll()
            }
            let counts = replicas.counts.withLock(\.self)
            #expect(counts.reduce(0, +) == 400)
            #expect(counts[0] + counts[1] > 250, "\(counts)")
        }
    }
}
