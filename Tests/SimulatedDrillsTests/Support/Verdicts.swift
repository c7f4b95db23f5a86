import Checkers
import DrillEngine
import Scenarios
import SimulatedDrills
import TestSupport

extension DrillSummary {
    /// Runs seeds, all that the scenario names unless it is told others, one after another.
    static func of(_ scenario: Scenario, _ seeds: [UInt64]? = nil) async -> DrillSummary {
        var summary = DrillSummary(scenario)
        for seed in seeds ?? Array(scenario.run.seeds) {
            summary.add(await OwnThread.run { Drill.run(scenario, seed: seed) })
        }
        return summary
    }

    /// Why it is not a pass, with the line that runs the first bad seed of `file` again.
    func report(_ file: String) -> String {
        guard let first = self.failures.first else {
            return "\(self.result.word): \(self.result.reason ?? "")"
        }
        let reason = first.result.reason ?? first.result.word
        return """
            \(self.failures.count) of \(self.runs) seeds, the first \(first.seed): \(reason)
            drill Scenarios/\(file) --seed \(first.seed)
            """
    }
}

extension DrillRun {
    /// The tally of the fault `id`.
    func tally(_ id: String) -> FaultTally? { self.faults.first { $0.id == id } }

    /// The message of a test that fails because of this run.
    var comment: String { "seed \(self.seed): \(self.result.reason ?? self.result.word)" }
}
