import Checkers
import DrillEngine
import Scenarios

extension DrillRun {
    /// A run with a given result, which was never executed.
    static func made(
        _ seed: UInt64,
        _ result: DrillResult = .pass,
        effective: [Int] = [],
        metrics: [String: Int] = [:]
    ) -> DrillRun {
        var tallies = [FaultTally("a", kind: "disk.full"), FaultTally("b", kind: "disk.full")]
        for (index, count) in effective.enumerated() {
            (tallies[index].armed, tallies[index].fired) = (1, 1)
            tallies[index].effective = count
        }
        return DrillRun(
            scenario: Scenario(name: "made", about: "A try."),
            seed: seed,
            result: result,
            traceHash: 0,
            steps: 10,
            virtualTime: .seconds(3),
            calls: 0,
            faults: tallies,
            verdicts: [],
            metrics: metrics,
            history: History(),
            failure: nil
        )
    }
}

extension Scenario {
    /// A scenario with two faults, `a` and `b`, which is never executed.
    static func made(wishing wishes: [Expectations.Sometimes] = []) -> Scenario {
        var scenario = Scenario(name: "made", about: "A try.")
        scenario.faults = ["a", "b"].map {
            FaultPlan(id: $0, trigger: .at(.zero), kind: .diskFull, scope: .target("ledger"))
        }
        scenario.expect.sometimes = wishes
        return scenario
    }
}
