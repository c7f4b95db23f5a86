import Checkers
import DrillEngine
import Scenarios
import Simulation

@testable import SimulatedDrills

/// The parts of a run, none of which has started, in a simulation where every job runs at once.
struct Scene: Sendable {
    let simulation: Simulation
    let rehearsal: Rehearsal
    let recorder: HistoryRecorder

    var context: SimulatedContext { self.rehearsal.world.context }
    var system: System { self.rehearsal.runner.system }

    /// Runs `body` with a system of two payment services and one of each other, one client, and
    /// `faults`.
    static func run<Value: Sendable>(
        _ faults: [FaultPlan] = [],
        links: [LinkRule] = [.steady],
        _ body: @escaping @Sendable (Scene) async throws -> Value
    ) throws -> Value {
        var scenario = Scenario(name: "scene", about: "A try.")
        scenario.system.payment = 2
        scenario.links = links
        scenario.clients = [ClientPlan(name: "shop")]
        scenario.faults = faults
        var options = SimulationOptions()
        options.jitter = .none
        return try Simulation.run(seed: 1, options: options) { [scenario] simulation in
            let recorder = HistoryRecorder(simulation, checkers: CheckerSuite([]))
            let changes = CompositionChanges()
            let rehearsal = Rehearsal(
                scenario,
                changes,
                simulation,
                recorder,
                keepsLinks: true,
                seed: 1
            )
            return try await body(
                Scene(simulation: simulation, rehearsal: rehearsal, recorder: recorder)
            )
        }.outcome.get()
    }

    func pause(_ time: Duration) async {
        let clock = self.simulation.clock
        try? await clock.sleep(until: clock.now.advanced(by: time))
    }

    /// Lets the faults come for `time`.
    func runFaults(for time: Duration) async {
        let faults = Task { await self.rehearsal.runner.faults.run() }
        await self.pause(time)
        faults.cancel()
        await faults.value
    }

    /// The states of faults with their times in milliseconds, such as `a fired 1000`.
    var faultLines: [String] {
        self.recorder.history.events.compactMap { event in
            guard case .fault(let id, let state) = event.what, state != .armed else { return nil }
            return "\(id) \(state.rawValue) \(event.at / 1_000_000)"
        }
    }

    /// The states of a process, in order.
    func states(of process: String) -> [ProcessState] {
        self.recorder.history.events.compactMap { event in
            guard case .process(process, let state) = event.what else { return nil }
            return state
        }
    }
}

extension LinkRule {
    /// Every link takes five milliseconds.
    static let steady: LinkRule = {
        var rule = LinkRule()
        var latency = Latency()
        (latency.shape, latency.mean) = (.constant, .milliseconds(5))
        rule.latency = latency
        return rule
    }()
}

extension FaultPlan {
    /// A fault with all that a test says of it.
    static func made(
        _ id: String,
        _ trigger: Trigger,
        _ kind: Kind,
        _ scope: Scope = .everything,
        lasting: Duration? = nil,
        times: Int? = nil,
        chance: Double = 1
    ) -> FaultPlan {
        var plan = FaultPlan(id: id, trigger: trigger, kind: kind, scope: scope)
        plan.lasting = lasting
        plan.times = times
        plan.chance = chance
        return plan
    }
}
