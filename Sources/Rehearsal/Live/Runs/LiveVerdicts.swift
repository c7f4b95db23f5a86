import Checkers
import DrillEngine
import Scenarios

/// Judges what a live run left.
///
/// What cannot be judged from outside is listed as unknown, with the reason, and spoils nothing: a
/// live run passes when all that can be judged passes.
struct LiveVerdicts {
    /// Oracles that need what only a simulation sees, and why.
    static let beyondSight = [
        "matches_model":
            "not judged live: nobody outside knows at which moment an entry was committed"
    ]

    /// Metrics of the journal, which only a simulation sees from inside.
    static let uncounted = ["duplicate_suppressed"]

    let history: History
    /// The oracles' verdicts, in the order of their names in the scenario.
    let verdicts: [OracleVerdict]
    let result: DrillResult

    /// Judges `findings` by what `scenario` expects.
    init(_ scenario: Scenario, _ findings: LiveFindings) {
        var history = History()
        for event in findings.events { history.append(event) }
        let names = scenario.expect.always + scenario.expect.eventually
        let judged = Self.judge(names, scenario, history)
        self.history = history
        self.verdicts =
            names.map { name in
                if let reason = Self.beyondSight[name] {
                    return OracleVerdict(oracle: name, verdict: .unknown(reason))
                }
                return judged.first { $0.oracle == name }
                    ?? OracleVerdict(oracle: name, verdict: .unknown("there is no such oracle"))
            } + OracleVerdict.linearizable(scenario, history, seesLinks: false)
            + OracleVerdict.seldom(scenario, findings.metrics)
        self.result = Self.result(scenario, findings, history, self.verdicts)
    }

    private static func judge(
        _ names: [String],
        _ scenario: Scenario,
        _ history: History
    ) -> [OracleVerdict] {
        let context = CheckerContext(scenario, seesLinks: false)
        let seen = names.filter { Self.beyondSight[$0] == nil }
        guard var checkers = try? CheckerSuite(named: seen, context: context) else { return [] }
        checkers.observe(history)
        return checkers.conclude().map { OracleVerdict(oracle: $0.name, verdict: $0.verdict) }
    }

    private static func result(
        _ scenario: Scenario,
        _ findings: LiveFindings,
        _ history: History,
        _ verdicts: [OracleVerdict]
    ) -> DrillResult {
        if findings.failure == nil, findings.dropped + history.dropped > 0 {
            return .unknown("the history had no room for every event")
        }
        var visible = scenario
        visible.expect.sometimes.removeAll { wish in
            if case .metric(let name, _) = wish { Self.uncounted.contains(name) } else { false }
        }
        return DrillResult(
            visible,
            findings.failure,
            verdicts.filter { Self.beyondSight[$0.oracle] == nil },
            history,
            findings.tallies,
            findings.metrics
        )
    }
}
