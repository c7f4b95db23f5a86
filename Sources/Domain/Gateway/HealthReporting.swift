/// Tells how the services behind the gateway are.
package protocol HealthReporting: Sendable {
    /// Every service, always in the same order.
    func health() async -> [ServiceHealth]
}

/// How one service is.
package struct ServiceHealth: Hashable, Sendable {
    package let name: String
    /// A serving status of `grpc.health.v1`, such as `SERVING`.
    package let status: String

    package init(name: String, status: String) {
        self.name = name
        self.status = status
    }

    package var isServing: Bool { self.status == "SERVING" }
}
