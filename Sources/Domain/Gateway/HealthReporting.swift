/// Tells how the services behind a gateway, or in a process, are.
package protocol HealthReporting: Sendable {
    /// Every service, always in the same order.
    func health() async -> [ServiceHealth]

    /// The essential services alone, without a wait for the others.
    func readiness() async -> [ServiceHealth]
}

extension HealthReporting {
    package func readiness() async -> [ServiceHealth] {
        await self.health().filter(\.isEssential)
    }

    /// The answer to `check`.
    package func answer(_ check: HealthCheck) async -> GatewayResponse {
        switch check {
        case .services: GatewayResponse(health: await self.health())
        case .ready: GatewayResponse(health: await self.readiness())
        case .live: GatewayResponse(health: [])
        }
    }
}

/// A question about health, with its path.
package enum HealthCheck: String, Hashable, Sendable, CaseIterable {
    /// The state of every service: for people and monitors.
    case services = "/health"
    /// Readiness for the main work, asked by balancers.
    case ready = "/health/ready"
    /// Liveness of the process alone, asked before a restart.
    case live = "/health/live"
}

/// The state of one service.
package struct ServiceHealth: Hashable, Sendable {
    package let name: String
    /// A serving status of `grpc.health.v1`, such as `SERVING`.
    package let status: String
    /// Whether the main work needs it.
    package let isEssential: Bool

    package init(name: String, status: String, isEssential: Bool = true) {
        self.name = name
        self.status = status
        self.isEssential = isEssential
    }

    package var isServing: Bool { self.status == "SERVING" }
}
