import Composition
import SimulatedDrills
import TransportCore

/// A transport whose servers drain wrongly.
struct OddlyDrainedTransport: Transport {
    enum Flaw {
        /// Ends the calls in flight.
        case dropsCalls
        /// Waits for a minute before it drains.
        case lingers(Timeline)
    }

    let flaw: Flaw
    let base: any Transport

    func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        let base = try await self.base.serve(router, at: endpoint)
        return OddlyDrainedServer(flaw: self.flaw, base: base)
    }

    func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        self.base.channel(to: endpoint, config)
    }
}

private struct OddlyDrainedServer: RunningServer {
    let flaw: OddlyDrainedTransport.Flaw
    let base: any RunningServer

    var endpoint: Endpoint { self.base.endpoint }

    func drain() async {
        switch self.flaw {
        case .dropsCalls: await self.base.stop()
        case .lingers(let timeline):
            try? await timeline.sleep(for: .seconds(60))
            await self.base.drain()
        }
    }

    func stop() async { await self.base.stop() }
}

extension CompositionChanges {
    /// Makes services drain wrongly.
    static func drained(
        _ flaw: @escaping @Sendable (ServiceDependencies) -> OddlyDrainedTransport.Flaw
    ) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.incoming = { _, dependencies in
            let base = dependencies.transport
            return dependencies.with(
                transport: OddlyDrainedTransport(flaw: flaw(dependencies), base: base)
            )
        }
        return changes
    }
}
