import Checkers
import DrillEngine
package import Scenarios
import SimulatedDrills

/// Hunts for the planted bugs, which prove that the oracles find them and nothing else.
package enum PlantedCorpus {
    /// The name under which the simulation itself reports a deadlock, a leak or an endless run.
    package static let simulation = "simulation"

    /// The seed and the oracle that found a bug.
    package struct Find: Hashable, Sendable {
        package let seed: UInt64
        /// The number of runs until the bug was found.
        package let runs: Int
        /// An oracle that the bug expects when one failed, else another that failed.
        package let oracle: String
        package let sentence: String
    }

    /// The result of a hunt.
    package enum Hunt: Hashable, Sendable {
        case found(Find)
        case notFound(runs: Int)
    }

    /// Runs `scenario` with the bug, seed by seed, until an oracle does not pass.
    ///
    /// An oracle that cannot decide counts as well.
    package static func hunt(
        _ bug: PlantedBug,
        seeds: ClosedRange<UInt64>,
        scenario: Scenario
    ) -> Hunt {
        var scenario = scenario
        // A second run of a seed would find the books of the first.
        scenario.run.verifiesTwice = false
        var runs = 0
        for seed in seeds {
            runs += 1
            let run = Drill.run(scenario, seed: seed, changes: bug.changes)
            let objections = Objection.all(in: run)
            let expected = objections.first { bug.oracles.contains($0.oracle) }
            if let objection = expected ?? objections.first {
                return .found(
                    Find(
                        seed: seed,
                        runs: runs,
                        oracle: objection.oracle,
                        sentence: objection.sentence
                    )
                )
            }
        }
        return .notFound(runs: runs)
    }

    /// Runs `scenario` without a bug; returns nil when every seed passes, else the first reason.
    package static func control(
        _ scenario: Scenario,
        seeds: ClosedRange<UInt64>
    ) -> String? {
        var summary = DrillSummary(scenario)
        for seed in seeds { summary.add(Drill.run(scenario, seed: seed)) }
        guard summary.result != .pass else { return nil }
        let first = summary.failures.first.map { "seed \($0.seed): " } ?? ""
        let reason = summary.failures.first?.result.reason ?? summary.result.reason
        return first + (reason ?? summary.result.word)
    }
}

/// An oracle that did not pass, and its reason.
private struct Objection {
    let oracle: String
    let sentence: String

    static func all(in run: DrillRun) -> [Objection] {
        let verdicts = run.verdicts.compactMap { verdict -> Objection? in
            switch verdict.verdict {
            case .pass: nil
            case .fail(let violation):
                Objection(oracle: verdict.oracle, sentence: violation.sentence)
            case .unknown(let reason): Objection(oracle: verdict.oracle, sentence: reason)
            }
        }
        let failure = run.failure.map {
            Objection(oracle: PlantedCorpus.simulation, sentence: $0)
        }
        return verdicts + (failure.map { [$0] } ?? [])
    }
}
