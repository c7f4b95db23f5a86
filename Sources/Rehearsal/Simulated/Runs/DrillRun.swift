package import Checkers
package import Scenarios
package import Simulation

/// The results of one run of a scenario.
package struct DrillRun: Sendable {
    /// The scenario as this seed resolved it.
    package let scenario: Scenario
    package let seed: UInt64
    package internal(set) var result: DrillResult
    package internal(set) var traceHash: UInt64
    /// Jobs that were run.
    package internal(set) var steps: Int
    package internal(set) var virtualTime: Duration
    /// Calls that were sent over links, clients' requests among them.
    package let calls: Int
    package internal(set) var faults: [FaultTally]
    /// The verdict of each oracle, in the order of their names in the scenario.
    package let verdicts: [OracleVerdict]
    package internal(set) var metrics: [String: Int]
    package let history: History
    /// Why the simulation itself ended the run, if it did: a deadlock, a leak.
    package let failure: String?
    /// The number of schedules that were run, if every one was to be.
    package internal(set) var schedules: Int?
    /// The one of them that this is; nil when it stands for all.
    package internal(set) var schedule: Schedule?
    /// Every event of the kernel, in order; empty unless it was to be kept.
    package internal(set) var trace: [TraceEvent] = []

    /// A run as it was, whoever ran it.
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

extension Scenario {
    /// This scenario with what a seed may vary drawn from `seed`.
    package func resolved(by seed: UInt64) -> Scenario { self.swarmed(by: seed) }
}

/// The result of a run.
package enum DrillResult: Hashable, Sendable {
    case pass
    /// An oracle was broken, or the simulation ended the run.
    case fail(String)
    /// An oracle could not decide.
    case unknown(String)
    /// Nothing was broken, and too little was tried for that to say anything.
    case vacuous(String)
    /// The transport cannot do what the scenario asks for.
    case skipped(String)

    /// The result's word in `--json`.
    package var word: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .unknown: "unknown"
        case .vacuous: "vacuous"
        case .skipped: "skipped"
        }
    }

    /// Why it is not `pass`.
    package var reason: String? {
        switch self {
        case .pass: nil
        case .fail(let reason), .unknown(let reason), .vacuous(let reason), .skipped(let reason):
            reason
        }
    }
}
