package import Scenarios

/// Runs many seeds of one scenario, several at once, and gives them back in their order.
package struct SeedRunner: Sendable {
    private let scenario: Scenario
    private let seeds: ClosedRange<UInt64>
    private let jobs: Int
    private let runOne: RunOne

    /// Runs a scenario from one seed.
    package typealias RunOne = @Sendable (Scenario, UInt64) async -> DrillRun

    /// Runs each of `seeds` by `runOne`, at most `jobs` at once; a simulation takes a thread of its
    /// own.
    package init(
        _ scenario: Scenario,
        seeds: ClosedRange<UInt64>,
        jobs: Int,
        _ runOne: @escaping RunOne = { Drill.run($0, seed: $1) }
    ) {
        self.scenario = scenario
        self.seeds = seeds
        self.jobs = jobs
        self.runOne = runOne
    }

    /// Runs them; `each` gets every run, in the order of their seeds.
    ///
    /// A cancelled task starts no further run, and the summary is of those that ended.
    package func run(_ each: (DrillRun) -> Void) async -> DrillSummary {
        var summary = DrillSummary(self.scenario)
        var waiting: [UInt64: DrillRun] = [:]
        var next = self.seeds.lowerBound
        await withTaskGroup(of: DrillRun.self) { group in
            var seeds = self.seeds.makeIterator()
            for _ in 0..<self.jobs { self.start(seeds.next(), &group) }
            while let run = await group.next() {
                waiting[run.seed] = run
                if !Task.isCancelled { self.start(seeds.next(), &group) }
                while let run = waiting.removeValue(forKey: next) {
                    summary.add(run)
                    each(run)
                    next &+= 1
                }
            }
        }
        return summary
    }

    private func start(_ seed: UInt64?, _ group: inout TaskGroup<DrillRun>) {
        guard let seed else { return }
        group.addTask { await self.runOne(self.scenario, seed) }
    }
}
