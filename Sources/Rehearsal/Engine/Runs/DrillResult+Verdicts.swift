package import Checkers
package import Scenarios

extension DrillResult {
    /// Decides the result of a run from these facts.
    ///
    /// Oracles saw every event when it happened; only the search for an order needs those that are
    /// kept.
    package init(
        _ scenario: Scenario,
        _ failure: String?,
        _ verdicts: [OracleVerdict],
        _ history: History,
        _ tallies: [FaultTally],
        _ metrics: [String: Int]
    ) {
        if let failure {
            self = .fail(failure)
        } else if let broken = verdicts.lazy.compactMap(\.violation).first {
            self = .fail(broken)
        } else if let undecided = verdicts.lazy.compactMap(\.doubt).first {
            self = .unknown(undecided)
        } else if history.dropped > 0, scenario.expect.linearizableWithin != nil {
            self = .unknown("the history had no room for \(history.dropped) events")
        } else if let reason = Vacuity.reason(scenario, tallies, metrics) {
            self = .vacuous(reason)
        } else {
            self = .pass
        }
    }
}

extension OracleVerdict {
    fileprivate var violation: String? {
        if case .fail(let violation) = self.verdict {
            "\(self.oracle): \(violation.sentence)"
        } else {
            nil
        }
    }

    fileprivate var doubt: String? {
        if case .unknown(let reason) = self.verdict { "\(self.oracle): \(reason)" } else { nil }
    }
}
