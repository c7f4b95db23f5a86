import Domain
import GRPCTransport
import InMemoryTransport
import NIOCore
import Testing
import TransportCore

@testable import Composition

@Suite("The gateway's health over several replicas", .timeLimit(.minutes(10)))
struct ReplicaHealthTests {
    @Test(
        "a service is healthy while any of its replicas serves",
        arguments: TransportKind.allCases
    )
    func draining(_ kind: TransportKind) async throws {
        try await kind.withReplicas { health, replicas in
            try await Self.await(health, ["SERVING", "SERVING", "SERVING"])
            replicas["payment-1"]?.drain()
            // On a busy machine the answer may be late, but it never comes from the draining
            // replica.
            for _ in 0..<40 {
                let payment = await health.health().first
                #expect(payment?.status != "NOT_SERVING")
            }
            replicas["payment-2"]?.drain()
            try await Self.await(health, ["NOT_SERVING", "SERVING", "SERVING"])
            #expect(await health.answer(.ready).status == 503)
            #expect(await health.answer(.live).status == 200)
        }
    }

    @Test(
        "the gateway is ready for payments without the refund service",
        arguments: TransportKind.allCases
    )
    func degraded(_ kind: TransportKind) async throws {
        try await kind.withReplicas { health, replicas in
            replicas["refund-1"]?.drain()
            try await Self.await(health, ["SERVING", "SERVING", "NOT_SERVING"])
            while await health.answer(.services).text("status") != "DEGRADED" {
                try Task.checkCancellation()
            }
            while await health.answer(.ready).status != 200 { try Task.checkCancellation() }
            #expect(await health.readiness().map(\.name) == ["payment", "ledger"])
        }
    }

    /// Repeats the check until payment, ledger and refund are as `wanted`: watches learn of a
    /// change with a delay.
    private static func await(_ health: BackendHealth, _ wanted: [String]) async throws {
        while await health.health().map(\.status) != wanted { try Task.checkCancellation() }
    }
}

extension TransportKind {
    private static let replicas = ["payment-1", "payment-2", "ledger-1", "refund-1"]

    /// Runs `body` against two replicas of payment and one of each other service.
    fileprivate func withReplicas(
        _ body: (BackendHealth, [String: HealthRegistry]) async throws -> Void
    ) async throws {
        let timeline = Timeline(ContinuousClock())
        let network = InMemoryNetwork(timeline: timeline, names: ReplicaNames(all: Self.replicas))
        let (servers, closeServers) = self.open(timeline)
        var registries: [String: HealthRegistry] = [:]
        var running: [String: any RunningServer] = [:]
        for name in Self.replicas {
            let registry = HealthRegistry(services: ["test.T"])
            registry.set("test.T", .serving)
            let router = try Router(
                HealthService.methods(registry, timeline: timeline),
                policies: []
            )
            registries[name] = registry
            running[name] =
                switch self {
                case .memory:
                    try await network.host(name, timeline: timeline)
                        .serve(router, at: Endpoint(host: name, port: ReplicaNames.port))
                case .grpc:
                    try await servers.serve(router, at: Endpoint(host: "127.0.0.1", port: 0))
                }
        }
        let names = ReplicaAddresses(ports: running.mapValues { $0.endpoint.port })
        let (clients, closeClients) = self.open(timeline, resolver: names)
        let client: any Transport =
            self == .memory ? network.host("gateway-1", timeline: timeline) : clients
        let health = BackendHealth(
            OutgoingChannels(
                of: .gateway,
                try ReplicaNames.configuration(),
                TestWorld().dependencies(client, timeline)
            )
        )
        var failure: (any Error)?
        do { try await body(health, registries) } catch { failure = error }
        await closeClients()
        for server in running.values { await server.stop() }
        await closeServers()
        await network.close()
        if let failure { throw failure }
    }
}

/// In memory, the hosts of a service are those whose names start with its name.
private struct ReplicaNames: NameService {
    static let port = 7_000
    let all: [String]

    func hosts(of name: String, for asker: String) throws(RPCError) -> [String] {
        self.all.filter { $0.hasPrefix(name) }
    }

    static func configuration() throws -> SystemConfiguration {
        var changes: [String: String] = [:]
        for service in ["PAYMENT", "LEDGER", "REFUND"] {
            changes["\(service)_SERVICE_HOST"] = service.lowercased()
            changes["\(service)_SERVICE_PORT"] = "\(Self.port)"
        }
        return try RunningSystem.configuration(changes)
    }
}

/// Over gRPC, the replicas have ports on this machine.
private struct ReplicaAddresses: NameResolver {
    let ports: [String: Int]

    func resolve(_ endpoint: Endpoint) async throws(RPCError) -> [SocketAddress] {
        let found = self.ports.filter { $0.key.hasPrefix(endpoint.host) }.sorted { $0.key < $1.key }
        return found.compactMap { try? SocketAddress(ipAddress: "127.0.0.1", port: $0.value) }
    }
}
