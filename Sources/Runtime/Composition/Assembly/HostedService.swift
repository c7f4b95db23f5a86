package import Domain
package import TransportCore

/// A service running on its transport, from start to drain.
package struct HostedService: Sendable {
    /// The time for calls in flight to end during a drain.
    package static let drainMax = Duration.seconds(20)

    package let name: ServiceName
    package let health: HealthRegistry
    package let server: any RunningServer
    private let timeline: Timeline
    private let grace: Duration
    private let store: RunningStore?

    /// Serves `parts` at the configured endpoint.
    ///
    /// Reports SERVING once the store answers, or at once without a store.
    ///
    /// - Throws: If the endpoint cannot be served, or the store needs an operator's action.
    package static func start(
        _ parts: ServiceParts,
        _ configuration: SystemConfiguration,
        _ dependencies: ServiceDependencies
    ) async throws(ConfigurationError) -> HostedService {
        let health = HealthRegistry(services: [parts.wireName])
        let router = try parts.router(health: health, configuration, dependencies)
        let endpoint = configuration.listening(parts.name)
        let server = try await dependencies.transport.serve(router, at: endpoint)
        let store = parts.store.map {
            RunningStore($0, health, parts.wireName, dependencies.logger)
        }
        if store == nil { health.set(parts.wireName, .serving) }
        if case .refused(let reason) = await store?.firstStatus() {
            store?.abandon()
            await server.stop()
            throw ConfigurationError(reason)
        }
        return HostedService(
            name: parts.name,
            health: health,
            server: server,
            timeline: dependencies.timeline,
            grace: configuration.drainGrace,
            store: store
        )
    }

    /// SERVING while the store answers, independent of ``health``.
    package var ownStatus: ServingStatus { self.store?.answers ?? true ? .serving : .notServing }

    /// Cancels the store's task without waiting; for a process treated as crashed.
    package func abandon() { self.store?.abandon() }

    /// Stops gracefully.
    ///
    /// Reports NOT_SERVING but keeps answering for the grace period. Then refuses new calls, gives
    /// those in flight ``drainMax`` to end, stops the server and closes the store.
    package func drain() async {
        self.health.drain()
        if self.grace > .zero { try? await self.timeline.sleep(for: self.grace) }
        await self.store?.drainBegan()
        await self.drainServer()
        await self.store?.end()
    }

    private func drainServer() async {
        let (server, timeline) = (self.server, self.timeline)
        await withTaskGroup { group in
            group.addTask { await server.drain() }
            group.addTask {
                try? await timeline.sleep(for: Self.drainMax)
                await server.stop()
            }
            await group.next()
            group.cancelAll()
        }
    }
}

extension HostedService: HealthReporting {
    /// The status of this process's service, for its HTTP `/health`.
    package func health() async -> [ServiceHealth] {
        self.health.statuses.filter { !$0.service.isEmpty }.map { service, status in
            ServiceHealth(name: self.name.rawValue, status: status.name)
        }
    }
}
