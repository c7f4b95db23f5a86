package import Domain
package import TransportCore

/// One service on its wire, from start to drain.
package struct HostedService: Sendable {
    /// How long calls in flight may go on after a drain began.
    package static let drainMax = Duration.seconds(20)

    package let name: ServiceName
    package let health: HealthRegistry
    package let server: any RunningServer
    private let timeline: Timeline
    private let grace: Duration
    private let store: RunningStore?

    /// Serves `parts` where the configuration says, and reports SERVING as soon as its store can
    /// work, if it has one.
    ///
    /// - Throws: also when the store cannot work before somebody acts.
    package static func start(
        _ parts: ServiceParts,
        _ configuration: SystemConfiguration,
        _ surroundings: Surroundings
    ) async throws(ConfigurationError) -> HostedService {
        let health = HealthRegistry(services: [parts.wireName])
        let router = try parts.router(health: health, configuration, surroundings)
        let endpoint = configuration.listening(parts.name)
        let server = try await surroundings.transport.serve(router, at: endpoint)
        let store = parts.store.map {
            RunningStore($0, health, parts.wireName, surroundings.logger)
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
            timeline: surroundings.timeline,
            grace: configuration.drainGrace,
            store: store
        )
    }

    /// What it says of itself, whatever ``health`` was made to say: SERVING while its store answers.
    package var ownStatus: ServingStatus { self.store?.answers ?? true ? .serving : .notServing }

    /// Ends what its process leaves behind when it is taken for dead.
    package func abandon() { self.store?.abandon() }

    /// Reports NOT_SERVING and goes on answering for the grace; then takes no more calls, lets those
    /// in flight end within ``drainMax``, stops, and closes the store.
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
    /// The statuses of this process's services, for its HTTP `/health`.
    package func health() async -> [ServiceHealth] {
        self.health.statuses.filter { !$0.service.isEmpty }.map { service, status in
            ServiceHealth(name: self.name.rawValue, status: status.name)
        }
    }
}
