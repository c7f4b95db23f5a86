package import Checkers
package import Scenarios

/// The results of all runs of one scenario.
///
/// A run in which a fault found nothing to strike says little, and the next may say more: the
/// whole is vacuous only when something that the scenario wants to see was seen in no run.
package struct DrillSummary: Sendable {
    package private(set) var runs = 0
    package private(set) var virtualTime = Duration.zero
    package private(set) var steps = 0
    /// The runs that did not pass, with what they came to; vacuous ones are not among them.
    package private(set) var failures: [Failure] = []
    /// Added up over all runs, in the order of the file.
    package private(set) var faults: [FaultTally]
    /// The events that no run so far has shown; nil before the first.
    private var missing: [String]?
    private let scenario: Scenario

    /// A run that did not pass: what runs it again, and what it came to.
    package typealias Failure = (seed: UInt64, schedule: Schedule?, result: DrillResult)

    package init(_ scenario: Scenario) {
        self.scenario = scenario
        self.faults = scenario.faults.map { FaultTally($0.id, kind: $0.kind.name) }
    }

    /// Takes the next run.
    package mutating func add(_ run: DrillRun) {
        self.runs += 1
        self.virtualTime += run.virtualTime
        self.steps += run.steps
        let tallies = self.scenario.faults.map { plan in
            run.faults.first { $0.id == plan.id } ?? FaultTally(plan.id, kind: plan.kind.name)
        }
        for (index, tally) in tallies.enumerated() { self.faults[index].add(tally) }
        let missing = Vacuity.missing(self.scenario, tallies, run.metrics)
        self.missing = self.missing.map { $0.filter(missing.contains) } ?? missing
        switch run.result {
        case .pass, .vacuous: break
        default: self.failures.append((run.seed, run.schedule, run.result))
        }
    }

    /// The worst of them.
    package var result: DrillResult {
        if let failed = self.failures.first(where: { $0.result.word == "fail" }) {
            return .fail(
                "\(self.failures.count) of \(self.runs) runs, the first seed \(failed.seed)"
            )
        }
        if let other = self.failures.first { return other.result }
        return self.missing?.first.map { .vacuous("in no run: \($0)") } ?? .pass
    }
}

extension FaultTally {
    fileprivate mutating func add(_ other: FaultTally) {
        self.armed += other.armed
        self.fired += other.fired
        self.effective += other.effective
    }
}
