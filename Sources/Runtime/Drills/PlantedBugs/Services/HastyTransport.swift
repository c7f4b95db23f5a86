import Composition
import Drills
import TransportCore

/// Serves, and when it is to drain drops what is in flight.
struct HastyTransport: Transport {
    let base: any Transport

    func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        HastyServer(base: try await self.base.serve(router, at: endpoint))
    }

    func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        self.base.channel(to: endpoint, config)
    }
}

private struct HastyServer: RunningServer {
    let base: any RunningServer

    var endpoint: Endpoint { self.base.endpoint }

    func drain() async { await self.base.stop() }

    func stop() async { await self.base.stop() }
}

extension CompositionChanges {
    /// Services that stop at once, whatever is in flight.
    static func droppingCalls() -> CompositionChanges {
        var changes = CompositionChanges()
        changes.incoming = { _, surroundings in
            surroundings.with(transport: HastyTransport(base: surroundings.transport))
        }
        return changes
    }
}
