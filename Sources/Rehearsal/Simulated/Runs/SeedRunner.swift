package import DrillEngine
package import Scenarios

/// Runs many seeds of one scenario, several at once, and gives them back in their order.
package struct SeedRunner: Sendable {
    private let scenario: Scenario
    private let seeds: ClosedRange<UInt64>
    private let jobs: Int
    private let runOne: RunOne

    /// Runs a scenario from one seed; nil when it was cancelled before it ended, which says nothing.
    package typealias RunOne = @Sendable (Scenario, UInt64) async -> DrillRun?

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
    ///
    /// - Throws: what `each` throws, when the runs under way have ended; no further one is started.
    package func run<Failure: Error>(
        _ each: (DrillRun) throws(Failure) -> Void
    ) async throws(Failure) -> DrillSummary {
        var progress = Progress(summary: DrillSummary(self.scenario), next: self.seeds.lowerBound)
        var failure: Failure?
        await withTaskGroup(of: DrillRun?.self) { group in
            var seeds = self.seeds.makeIterator()
            for _ in 0..<self.jobs { self.start(seeds.next(), &group) }
            while let ended = await group.next() {
                guard let run = ended, failure == nil else { continue }
                if !Task.isCancelled { self.start(seeds.next(), &group) }
                do throws(Failure) {
                    try progress.take(run, each)
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        return progress.summary
    }

    /// Runs that have ended, and those among them that wait for an earlier seed.
    private struct Progress {
        var summary: DrillSummary
        var next: UInt64
        private var waiting: [UInt64: DrillRun] = [:]

        init(summary: DrillSummary, next: UInt64) {
            self.summary = summary
            self.next = next
        }

        mutating func take<Failure: Error>(
            _ run: DrillRun,
            _ each: (DrillRun) throws(Failure) -> Void
        ) throws(Failure) {
            self.waiting[run.seed] = run
            while let run = self.waiting.removeValue(forKey: self.next) {
                self.summary.add(run)
                try each(run)
                self.next &+= 1
            }
        }
    }

    private func start(_ seed: UInt64?, _ group: inout TaskGroup<DrillRun?>) {
        guard let seed else { return }
        group.addTask { await self.runOne(self.scenario, seed) }
    }
}
