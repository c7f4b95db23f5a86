package import Scenarios

/// Finds runs that tried nothing.
package enum Vacuity {
    /// Why it says nothing, or nil when every fault had an effect, each kind of operation succeeded
    /// and everything asked for came.
    package static func reason(
        _ scenario: Scenario,
        _ tallies: [FaultTally],
        _ metrics: [String: Int]
    ) -> String? {
        self.missing(scenario, tallies, metrics).first
    }

    /// The expectations that were not met, each in a sentence that is the same in every run.
    static func missing(
        _ scenario: Scenario,
        _ tallies: [FaultTally],
        _ metrics: [String: Int]
    ) -> [String] {
        let idle = tallies.filter { $0.effective == 0 }
            .map { "the fault \($0.id) had no effect" }
        let missing = scenario.expect.sometimes.compactMap { wish -> String? in
            switch wish {
            case .metric(let name, let least):
                metrics[name, default: 0] >= least ? nil : "\(name) did not come to \(least)"
            case .fault(let id, let least):
                tallies.first { $0.id == id }.map { $0.effective >= least } ?? true
                    ? nil : "the fault \(id) did not have effect \(least) times"
            }
        }
        return idle + self.idleOperations(scenario, metrics) + missing
    }

    /// The operations that clients were to do and may do, and never did with success.
    private static func idleOperations(_ scenario: Scenario, _ metrics: [String: Int]) -> [String] {
        OperationKind.allCases
            .filter { kind in
                scenario.clients.contains { kind.isDone(by: $0) }
                    && metrics[kind.metric, default: 0] == 0
            }
            .map { "no \($0) succeeded" }
    }
}
