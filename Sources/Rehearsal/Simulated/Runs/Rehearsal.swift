import Checkers
import DrillEngine
import InMemoryTransport
import Scenarios
import Simulation
import TransportCore

/// A run in simulation: the world, and the engine that runs it.
struct Rehearsal: Sendable {
    let world: SimulatedWorld
    let runner: DrillRunner
    let links: LinkTrace

    /// Puts together a run of `scenario`, which swarming has resolved.
    ///
    /// `keepsLinks` keeps every message on links in the history.
    init(
        _ scenario: Scenario,
        _ changes: CompositionChanges,
        _ simulation: Simulation,
        _ recorder: HistoryRecorder,
        keepsLinks: Bool = false,
        seed: UInt64
    ) {
        let provider = scenario.identityProvider(simulation.clock)
        var settings = scenario.settings
        if provider != nil { settings.merge(IdentityProvider.environment) { $1 } }
        let run = RunContext(
            scenario,
            seed: seed,
            clock: SimulatedClock(simulation.clock),
            recorder: recorder,
            users: UserKeys(Secrets(settings: settings), provider)
        )
        let trace = LinkTrace(simulation, recorder, keepsAll: keepsLinks)
        let context = SimulatedContext(scenario, run, simulation, trace, provider, changes)
        let world = SimulatedWorld(scenario.system, context)
        self.links = trace
        self.world = world
        self.runner = DrillRunner(scenario, run, world)
    }

    /// Runs it.
    func run() async {
        self.world.context.simulation.fixOrder(true)
        await self.runner.run()
        self.world.context.recorder.close()
        await self.runner.system.stop()
        await self.world.context.network.close()
    }

    var tallies: [FaultTally] { self.world.context.injector.tallies }
}

extension Scenario {
    /// The maker of users' tokens, when a fault strikes the keys that gateways know them by.
    fileprivate func identityProvider(_ clock: VirtualClock) -> IdentityProvider? {
        guard self.faults.contains(where: { $0.kind.isForUserKeys }) else { return nil }
        do {
            return try IdentityProvider { clock.now.sinceStart }
        } catch {
            preconditionFailure("A key that is right in every run is no key: \(error)")
        }
    }
}

extension FaultPlan.Kind {
    /// True when it strikes the public keys of users' tokens.
    fileprivate var isForUserKeys: Bool {
        switch self {
        case .authJWKSDown, .authRotateKeys: true
        default: false
        }
    }
}
