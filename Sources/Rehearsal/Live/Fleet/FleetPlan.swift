import Composition
import DrillEngine
import NIOCore
import Scenarios
import TransportCore

/// The processes of a live run and their hosts.
struct FleetPlan {
    /// In the order in which they start: the ledger first.
    let placements: [ProcessPlacement]
    /// The processes of the clients, the final check's among them.
    let clients: [String]

    /// Gives every process of `scenario` a host, and ports of its own.
    init(_ scenario: Scenario, on hosts: LiveHosts, group: any EventLoopGroup) async throws {
        let processes = scenario.system.processes.flatMap { service, names in
            names.map { (name: $0, service: service) }
        }
        let count = processes.count * 2
        let ports = try await FreePorts.take(count, at: hosts.own, group: group)
        self.placements = processes.indices.map { index in
            ProcessPlacement(
                name: processes[index].name,
                service: processes[index].service,
                host: hosts.host(of: index),
                port: ports[index * 2],
                spare: ports[index * 2 + 1]
            )
        }
        self.clients =
            scenario.clients.flatMap { plan in (1...plan.count).map { "\(plan.name)-\($0)" } }
            + [FinalCheck.name]
    }

    /// The links on which `caller` reaches the replicas of `callee`.
    func links(_ caller: String, _ callee: ServiceName, seed: UInt64) -> [ProxiedLink] {
        self.placements.filter { $0.service == callee }.map {
            ProxiedLink(from: Node(caller), to: Node($0.name), at: $0.endpoint, seed: seed)
        }
    }
}

/// The place of one process: its name, its host and its ports there.
struct ProcessPlacement {
    let name: String
    let service: ServiceName
    let host: LiveHost
    fileprivate let port: Int
    fileprivate let spare: Int

    /// The address at which it listens: gRPC, or HTTP for a gateway.
    var endpoint: Endpoint { Endpoint(host: self.host.address, port: self.port) }

    /// The address at which it answers `/health`.
    var health: Endpoint {
        Endpoint(host: self.host.address, port: self.isGateway ? self.port : self.spare)
    }

    /// The environment that tells it so.
    var settings: [String: String] {
        var settings = ["BIND_HOST": self.host.address, "ADMIN_PORT": "off"]
        settings[self.isGateway ? "GATEWAY_PORT" : "SERVICE_PORT"] = "\(self.port)"
        if !self.isGateway { settings["HEALTH_PORT"] = "\(self.spare)" }
        return settings
    }

    private var isGateway: Bool { self.service == .gateway }
}

extension ServiceName {
    /// The services that it calls, if only for their health.
    var callees: [ServiceName] {
        switch self {
        case .gateway: [.payment, .refund, .ledger]
        case .payment, .refund: [.ledger]
        case .ledger: []
        }
    }
}
