package import Checkers
package import Scenarios

extension OracleVerdict {
    /// Steps of the search for an order, for each second that a scenario allows: a bound in steps
    /// gives the same verdict on every machine.
    private static let stepsPerSecond = 1_000_000

    /// Checks that the answers could have come from one system that does one thing at a time, if the
    /// scenario asks for it.
    ///
    /// - Parameters:
    ///   - scenario: What was run, which says whether to ask.
    ///   - history: What happened.
    ///   - seesLinks: Whether the history has what is unusual on links.
    /// - Returns: the verdict; nothing when the scenario does not ask.
    package static func linearizable(
        _ scenario: Scenario,
        _ history: History,
        seesLinks: Bool = true
    ) -> [OracleVerdict] {
        guard let time = scenario.expect.linearizableWithin else { return [] }
        let steps = max(1, Int(time / .seconds(1) * Double(Self.stepsPerSecond)))
        let check = LinearizabilityCheck(
            context: CheckerContext(scenario, seesLinks: seesLinks),
            stepsMax: steps
        )
        return [OracleVerdict(oracle: "linearizable", verdict: check.verdict(on: history.events))]
    }

    /// Checks that nothing was counted more often than `scenario` allows, if it says so of anything.
    package static func seldom(_ scenario: Scenario, _ metrics: [String: Int]) -> [OracleVerdict] {
        guard !scenario.expect.seldom.isEmpty else { return [] }
        let broken = scenario.expect.seldom.first { metrics[$0.metric, default: 0] > $0.max }
        let violation = broken.map { ceiling in
            Violation(
                "\(ceiling.metric) came to \(metrics[ceiling.metric, default: 0]), and"
                    + " \(ceiling.max) are allowed",
                witnesses: []
            )
        }
        return [OracleVerdict(oracle: "seldom", verdict: violation.map { .fail($0) } ?? .pass)]
    }
}

extension CheckerContext {
    /// The facts of `scenario` that oracles need.
    package init(_ scenario: Scenario, seesLinks: Bool = true) {
        let effects = scenario.faults.map { ($0.id, $0.kind.clockEffect) }
        let targets = scenario.faults.filter { !$0.scope.names.isEmpty }
            .map { ($0.id, $0.scope.names) }
        self.init(
            admins: [FinalCheck.name],
            clockEffects: Dictionary(effects) { first, _ in first },
            faultTargets: Dictionary(targets) { first, _ in first },
            patience: scenario.patience.wholeNanoseconds,
            isGentle: scenario.isGentle,
            finalCheck: FinalCheck.name,
            seesLinks: seesLinks
        )
    }
}

extension Scenario {
    /// The longest time that the gateway gives an action, when its client says nothing or goes
    /// unheard.
    private static let gatewayPatience = Duration.seconds(5)

    /// The longest that anybody waits for one answer.
    fileprivate var patience: Duration {
        ([Self.gatewayPatience] + self.clients.map(\.deadline)).max() ?? Self.gatewayPatience
    }

    /// True when nothing is done to it but restarts and rotations.
    fileprivate var isGentle: Bool {
        let isCalm = self.links.allSatisfy {
            ($0.drop ?? 0) == 0 && ($0.duplicate ?? 0) == 0
        }
        return isCalm
            && self.faults.allSatisfy(\.kind.isGentle)
    }
}

extension FaultPlan.Kind {
    /// True when no client may notice it.
    fileprivate var isGentle: Bool {
        switch self {
        case .procRestart, .authRotate: true
        default: false
        }
    }

    fileprivate var clockEffect: ClockEffect {
        switch self {
        case .clockJump: .jump
        case .clockDrift: .drift
        default: .none
        }
    }
}
