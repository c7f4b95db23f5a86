import Checkers
import DrillEngine
import Scenarios
import Simulation
import TestSupport
import Testing

@testable import SimulatedDrills

/// A hunt makes a hundred thousand runs in one process: none may leave anything behind.
@Suite("What a run leaves in memory")
struct ResidueTests {
    /// Parts of a run that must be released when it is over.
    private final class Residue: @unchecked Sendable {  // written in the run, read after it
        private struct Part {
            let name: String
            weak var object: AnyObject?
        }

        private var parts: [Part] = []

        func watch(_ name: String, _ object: AnyObject) {
            self.parts.append(Part(name: name, object: object))
        }

        var held: [String] { self.parts.filter { $0.object != nil }.map(\.name) }
    }

    @Test("a simulation is gone when its run is over, with the calls that were never made")
    func simulation() async {
        let residue = Residue()
        await OwnThread.run {
            _ = Simulation.run(seed: 1) { simulation in
                residue.watch("simulation", simulation)
                _ = simulation.clock.call(at: .init(sinceStart: .seconds(9))) {
                    _ = simulation.clock.now
                }
                simulation.process("a").onStep(1_000) { _ = simulation.clock.now }
            }
        }
        #expect(residue.held == [])
    }

    @Test(
        "a drill is gone when it is over",
        arguments: [
            "{id: a, at: 200ms, do: proc.crash, target: payment, restart_after: 200ms}",
            "{id: a, at: 200ms, do: proc.crash, target: payment, steps: 9000..10000}",
            "{id: a, at: 200ms, for: 1s, do: net.partition, between: [[ledger], [payment]]}",
        ]
    )
    func drill(_ fault: String) async throws {
        let scenario = try SmallDrill.scenario([fault])
        let residue = Residue()
        await OwnThread.run {
            _ = Simulation.run(seed: 1) { simulation in
                let checkers = try CheckerSuite(named: [], context: CheckerContext(scenario))
                let recorder = HistoryRecorder(simulation, checkers: checkers)
                let changes = CompositionChanges()
                let rehearsal = Rehearsal(scenario, changes, simulation, recorder, seed: 1)
                Self.watch(rehearsal, by: residue)
                await rehearsal.run()
            }
        }
        #expect(residue.held == [])
    }

    private static func watch(_ rehearsal: Rehearsal, by residue: Residue) {
        residue.watch("simulation", rehearsal.world.context.simulation)
        residue.watch("recorder", rehearsal.world.context.recorder)
        residue.watch("network", rehearsal.world.context.network)
        residue.watch("hosts", rehearsal.world.context.hosts)
        residue.watch("links", rehearsal.world.context.links)
        for node in rehearsal.world.nodes {
            residue.watch(node.identity.process, node)
        }
    }
}
