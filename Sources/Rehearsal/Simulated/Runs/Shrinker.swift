import Checkers
package import DrillEngine
package import Scenarios

/// Looks for the smallest scenario that still breaks the same rule.
///
/// A smaller scenario runs another schedule, so each is tried with several seeds; what still breaks
/// is taken, and made smaller again, until nothing smaller does.
package struct Shrinker: Sendable {
    /// A scenario with the seed that breaks it, and what it breaks.
    package struct Finding: Sendable {
        package var scenario: Scenario
        package let seed: UInt64
        package let oracle: String
    }

    /// Seeds that each smaller scenario is given.
    private static let seedsTried: UInt64 = 8

    private let changes: CompositionChanges
    private let runsMax: Int

    /// A shrinker that runs at most `runsMax` scenarios.
    package init(changes: CompositionChanges = CompositionChanges(), runsMax: Int = 2_000) {
        self.changes = changes
        self.runsMax = runsMax
    }

    /// Makes the scenario of `failed` smaller and smaller, and tells `progress` of each step.
    ///
    /// Returns the smallest that was found; nil when the run did not fail.
    package func shrink(
        _ failed: DrillRun,
        progress: (Finding) -> Void = { _ in }
    ) -> Finding? {
        guard let oracle = failed.brokenOracle else { return nil }
        var best = Finding(scenario: failed.scenario, seed: failed.seed, oracle: oracle)
        best.scenario.run.verifiesTwice = false
        best.scenario.expect.sometimes = []
        var runs = 0
        var isSmaller = true
        while isSmaller, runs < self.runsMax {
            isSmaller = false
            for candidate in best.scenario.smaller where candidate.isReadable {
                guard let finding = self.find(oracle, in: candidate, near: best.seed, &runs) else {
                    continue
                }
                best = finding
                progress(best)
                isSmaller = true
                break
            }
        }
        best.scenario.run.seeds = best.seed...best.seed
        return best
    }

    private func find(
        _ oracle: String,
        in candidate: Scenario,
        near seed: UInt64,
        _ runs: inout Int
    ) -> Finding? {
        for seed in [seed] + (1..<Self.seedsTried).map({ $0 }) where runs < self.runsMax {
            runs += 1
            let run = Drill.run(candidate, seed: seed, changes: self.changes)
            if run.brokenOracle == oracle {
                return Finding(scenario: candidate, seed: seed, oracle: oracle)
            }
        }
        return nil
    }
}

extension DrillRun {
    /// The first rule that this run broke; `simulation` when the kernel ended it.
    package var brokenOracle: String? {
        if self.failure != nil { return "simulation" }
        return self.verdicts.first { $0.isBroken }?.oracle
    }
}

extension Scenario {
    /// True when the reader takes it: a cut may leave a fault without its target.
    fileprivate var isReadable: Bool {
        (try? ScenarioReader.read(ScenarioWriter.write(self), file: self.name)) != nil
    }
}
