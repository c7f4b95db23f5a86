/// Reports the state of the services behind a gateway or in a process.
package protocol HealthReporting: Sendable {
    /// The state of every service, always in the same order.
    func health() async -> [ServiceHealth]

    /// The state of the essential services, without waiting for the others.
    func readiness() async -> [ServiceHealth]
}

extension HealthReporting {
    package func readiness() async -> [ServiceHealth] {
        await self.health().filter(\.isEssential)
    }

    /// Answers `check`.
    package func answer(_ check: HealthCheck) async -> GatewayResponse {
        switch check {
        case .services: GatewayResponse(health: await self.health())
        case .ready: GatewayResponse(health: await self.readiness())
        case .live: GatewayResponse(health: [])
        }
    }
}

/// A kind of health check, with its path.
package enum HealthCheck: String, Hashable, Sendable, CaseIterable {
    /// The state of every service: for people and monitors.
    case services = "/health"
    /// Readiness for payments, for load balancers.
    case ready = "/health/ready"
    /// Liveness of the process alone, for supervisors that restart it.
    case live = "/health/live"
}

/// The state of one service.
package struct ServiceHealth: Hashable, Sendable {
    package let name: String
    /// A serving status of `grpc.health.v1`, such as `SERVING`.
    package let status: String
    /// True if payments need the service.
    package let isEssential: Bool

    package init(name: String, status: String, isEssential: Bool = true) {
        self.name = name
        self.status = status
        self.isEssential = isEssential
    }

    package var isServing: Bool { self.status == "SERVING" }
}
