import Checkers
import DrillEngine
import Scenarios
import Simulation

/// Every schedule of one seed, run one after another until one does not end well.
struct Exploration {
    private let scenario: Scenario
    private let limit: Int
    private let capture: RunCapture

    /// An exploration of at most `limit` schedules, each of which leaves what it did in `capture`.
    init(_ scenario: Scenario, _ limit: Int, _ capture: RunCapture) {
        self.scenario = scenario
        self.limit = limit
        self.capture = capture
    }

    /// Runs them; what comes of it is the run that did not end well, or else all of them added up.
    func run(
        seed: UInt64,
        _ options: SimulationOptions,
        _ body: @escaping @Sendable (Simulation) async throws -> Void
    ) -> DrillRun {
        var sum: Sum?
        let exploration = Simulation.explore(
            limit: self.limit,
            seed: seed,
            options: options,
            processByProcess: true,
            until: { run in
                let next = DrillRun(self.scenario, run, self.capture, divergence: nil)
                sum = Sum(sum, next, self.scenario)
                return next.result.endsExploration
            },
            body
        )
        guard let sum else { preconditionFailure("At least one schedule is run.") }
        if let found = exploration.found {
            return sum.run(ending: nil, Schedule(found.choices.map(\.index)))
        }
        let limited = DrillResult.unknown(
            "\(exploration.count) schedules ended well, and there are more"
        )
        return sum.run(ending: exploration.isComplete ? sum.result : limited, nil)
    }

    /// The results of the schedules so far.
    private struct Sum {
        private var last: DrillRun
        private var summary: DrillSummary
        private var metrics: [String: Int]
        private var traceHash: UInt64

        init(_ former: Sum?, _ next: DrillRun, _ scenario: Scenario) {
            self.last = next
            self.summary = former?.summary ?? DrillSummary(scenario)
            self.summary.add(next)
            self.metrics = (former?.metrics ?? [:]).merging(next.metrics) { max($0, $1) }
            self.traceHash = (former?.traceHash ?? 0) &* 0x9E37_79B9_7F4A_7C15 ^ next.traceHash
        }

        var result: DrillResult { self.summary.result }

        /// The last run as it was, or with the end of all and their sums.
        func run(ending: DrillResult?, _ schedule: Schedule?) -> DrillRun {
            var run = self.last
            run.schedules = self.summary.runs
            run.schedule = schedule
            guard let ending else { return run }
            run.result = ending
            run.traceHash = self.traceHash
            run.steps = self.summary.steps
            run.virtualTime = self.summary.virtualTime
            run.faults = self.summary.faults
            run.metrics = self.metrics
            return run
        }
    }
}

extension DrillResult {
    /// True when there is something to look at, so that no further schedule need be run.
    fileprivate var endsExploration: Bool {
        switch self {
        case .fail, .unknown: true
        case .pass, .vacuous, .skipped: false
        }
    }
}
