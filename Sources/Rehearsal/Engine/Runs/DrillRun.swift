package import Checkers
package import Scenarios
package import Simulation

/// The results of one run of a scenario.
package struct DrillRun: Sendable {
    /// The scenario as this seed resolved it.
    package let scenario: Scenario
    package let seed: UInt64
    package var result: DrillResult
    package var traceHash: UInt64
    /// Jobs that were run.
    package var steps: Int
    package var virtualTime: Duration
    /// Calls that were sent over links, clients' requests among them.
    package let calls: Int
    package var faults: [FaultTally]
    /// The verdict of each oracle, in the order of their names in the scenario.
    package let verdicts: [OracleVerdict]
    package var metrics: [String: Int]
    package let history: History
    /// Why the simulation itself ended the run, if it did: a deadlock, a leak.
    package let failure: String?
    /// The number of schedules that were run, if every one was to be.
    package var schedules: Int?
    /// The one of them that this is; nil when it stands for all.
    package var schedule: Schedule?
    /// Every event of the kernel, in order; empty unless it was to be kept.
    package var trace: [TraceEvent] = []

    /// A run as it was, in either world.
    package init(
        scenario: Scenario,
        seed: UInt64,
        result: DrillResult,
        traceHash: UInt64,
        steps: Int,
        virtualTime: Duration,
        calls: Int,
        faults: [FaultTally],
        verdicts: [OracleVerdict],
        metrics: [String: Int],
        history: History,
        failure: String?
    ) {
        self.scenario = scenario
        self.seed = seed
        self.result = result
        self.traceHash = traceHash
        self.steps = steps
        self.virtualTime = virtualTime
        self.calls = calls
        self.faults = faults
        self.verdicts = verdicts
        self.metrics = metrics
        self.history = history
        self.failure = failure
    }
}
