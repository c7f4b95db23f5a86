import Checkers
import DrillEngine
import Scenarios
import SimulatedDrills
import Simulation
import Synchronization
import Testing

@Suite("The same seed, the same run")
struct DeterminismTests {
    private static let faults = [
        "{id: cut, at: 200ms, for: 300ms, do: net.partition, target: {any: payment}}",
        "{id: die, on: {event: ledger.committed, nth: 10}, do: proc.crash, target: ledger, restart_after: 200ms}",
    ]

    @Test("a seed leaves the same trace, steps and history each time")
    func repeats() throws {
        let scenario = try SmallDrill.scenario(Self.faults)
        let (first, second) = (Drill.run(scenario, seed: 7), Drill.run(scenario, seed: 7))
        #expect(first.traceHash == second.traceHash)
        #expect(first.steps == second.steps)
        #expect(first.history.events == second.history.events)
        #expect(first.faults == second.faults)
        #expect(first.verdicts == second.verdicts)
    }

    @Test("another seed leaves another trace")
    func differs() throws {
        let scenario = try SmallDrill.scenario(Self.faults)
        let hashes = (1...6).map { Drill.run(scenario, seed: $0).traceHash }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test("a run is the same beside others at the same time")
    func repeatsBesideOthers() async throws {
        let scenario = try SmallDrill.scenario(Self.faults)
        let alone = Drill.run(scenario, seed: 7).traceHash
        let beside = await withTaskGroup(of: (UInt64, UInt64).self) { group in
            for seed: UInt64 in [7, 8, 7, 9] {
                group.addTask { (seed, Drill.run(scenario, seed: seed).traceHash) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(beside.count { $0.0 == 7 } == 2)
        #expect(beside.allSatisfy { ($0.0 == 7) == ($0.1 == alone) })
    }

    @Test("keeping the messages on links for a picture changes nothing but the history")
    func keepsLinks() throws {
        let scenario = try SmallDrill.scenario(Self.faults)
        let usual = Drill.run(scenario, seed: 7)
        let kept = Drill.run(scenario, seed: 7, keeps: .links)
        #expect(usual.traceHash == kept.traceHash)
        #expect(usual.verdicts == kept.verdicts)
        #expect(usual.history.events.count < kept.history.events.count)
    }

    @Test("keeping the trace changes nothing but the trace")
    func keepsTrace() throws {
        let scenario = try SmallDrill.scenario(Self.faults)
        let usual = Drill.run(scenario, seed: 7)
        let kept = Drill.run(scenario, seed: 7, keeps: .trace)
        #expect(usual.traceHash == kept.traceHash)
        #expect(usual.trace.isEmpty)
        #expect(kept.trace.count > kept.steps)
        #expect(kept.trace.contains { "\($0)".contains("| committed(") })
        #expect(kept.trace.contains { "\($0)".contains("| linkMessage(") })
    }

    @Test("a run that is not the same twice names the first event that differs, with both runs")
    func namesDivergence() throws {
        let scenario = try SmallDrill.scenario(run: "seeds: 1..1, verify: twice")
        let starts = Mutex(0)
        var changes = CompositionChanges()
        changes.journal = { journal, _ in
            let number = starts.withLock { starts in
                starts += 1
                return starts
            }
            Simulation.current?.mark("start \(number) of the journal")
            return journal
        }
        let run = Drill.run(scenario, seed: 7, changes: changes)
        let reason = run.result.reason ?? ""
        #expect(run.result.word == "fail")
        #expect(reason.contains("the run was not the same twice: the runs part at event"))
        #expect(reason.contains("| process(name: \"ledger-1\""), "\(reason)")
        #expect(reason.contains("  1 ") && reason.contains("| start 3 of the journal"))
        #expect(reason.contains("  2 ") && reason.contains("| start 4 of the journal"))
    }

    @Test("a scenario that is verified twice passes")
    func verifiesTwice() throws {
        let scenario = try SmallDrill.scenario(Self.faults, run: "seeds: 1..1, verify: twice")
        #expect(scenario.run.verifiesTwice)
        let run = Drill.run(scenario, seed: 7)
        #expect(run.result == .pass, "\(run.comment)")
    }

    @Test("what a client wants does not depend on the faults")
    func choosesAlike() throws {
        let wanted = try [[], Self.faults].map { faults in
            let run = Drill.run(try SmallDrill.scenario(faults), seed: 7)
            return run.history.events.compactMap { event -> Operation.Request? in
                guard case .invoked(let operation) = event.what, operation.client == "shop-1",
                    case .pay = operation.request
                else { return nil }
                return operation.request
            }.first
        }
        #expect(wanted[0] != nil)
        #expect(wanted[0] == wanted[1])
    }
}
