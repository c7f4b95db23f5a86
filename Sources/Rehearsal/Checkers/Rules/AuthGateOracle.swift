/// A bad token opens nothing and leaves nothing; a good one opens what it allows, and nothing else.
///
/// Only a judge whose clock is wrong is excused for refusing a good one. A secret that is replaced
/// excuses nothing: both are good until everybody has the new one. A token whose key no judge need
/// know yet is not good yet: whoever presents it says so when it is refused.
package struct AuthGateOracle: Oracle {
    package let name = "auth_gate"
    package let watches: EventKinds = [.returned, .judged, .fault]

    private var clocks: ClockFaults
    /// Users' requests whose tokens the gateway had to refuse, and did.
    private var rightlyRefused: Set<String> = []

    package init(context: CheckerContext = CheckerContext()) {
        self.clocks = ClockFaults(context)
    }

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        self.clocks.observe(event)
        switch event.what {
        case .judged(let judgement):
            if judgement.judge == "gateway", judgement.isBad, !judgement.wasAccepted {
                self.rightlyRefused.insert(judgement.requestID)
            }
            return self.fault(in: judgement, event.at, index)
        case .returned(let operation, let outcome):
            return state.trail[operation].flatMap { self.fault(in: outcome, of: $0) }
        default:
            return nil
        }
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict {
        guard state.trail.courses.contains(where: { !$0.operation.isAllowed }) else {
            return .pass
        }
        let tally = EffectTally(of: state.book.lines, askedBy: state.trail.courses)
        for excess in tally.excesses({ $0.operation.isAllowed }) {
            let bad = excess.askers.filter { !$0.operation.isAllowed }
            guard let course = bad.first else { continue }
            let violation = Violation(
                "\(course.operation.summary) had \(course.operation.lack), and the journal has"
                    + " \(excess.entries.map(\.posted).summary) for it",
                witnesses: (bad.flatMap(\.witnesses) + excess.entries.map(\.at)).sorted()
            )
            return .fail(violation)
        }
        return .pass
    }

    private func fault(in judgement: TokenJudgement, _ at: Int64, _ index: Int) -> Violation? {
        let end = "token of request \(judgement.requestID)"
        if judgement.isBad, judgement.wasAccepted {
            return Violation("\(judgement.judge) accepted the bad \(end)", witnesses: [index])
        }
        if !judgement.isBad, !judgement.wasAccepted, !self.clocks.excuse(judgement.judge, at: at) {
            return Violation("\(judgement.judge) refused the good \(end)", witnesses: [index])
        }
        return nil
    }

    private func fault(in outcome: Outcome, of course: OperationCourse) -> Violation? {
        let operation = course.operation
        switch outcome {
        case .unknown, .refused(0, _), .refused(429, _), .refused(503, _):
            // It need not have come to a judge.
            return nil
        case .refused(401, _), .refused(403, _):
            guard operation.hasGoodToken else { return nil }
            if case .refused(403, _) = outcome, !operation.hasScope { return nil }
            if self.rightlyRefused.contains(course.lastRequestID) { return nil }
            return self.clocks.excuseGateway(since: course.since)
                ? nil : self.violation(course, outcome)
        case .refused:
            let isWrong = operation.hasGoodToken && !operation.hasScope
            return isWrong ? self.violation(course, outcome) : nil
        case .paid, .refunded, .read:
            return operation.isAllowed ? nil : self.violation(course, outcome)
        }
    }

    private func violation(_ course: OperationCourse, _ outcome: Outcome) -> Violation {
        let operation = course.operation
        return Violation(
            "\(operation.summary) had \(operation.lack) and was answered \(outcome.summary)",
            witnesses: course.witnesses
        )
    }
}

extension Operation {
    /// True when it may get what it asks for.
    fileprivate var isAllowed: Bool { self.hasGoodToken && self.hasScope }

    /// The fault of its token, if any.
    fileprivate var lack: String {
        guard self.hasGoodToken else { return "a bad token" }
        return self.hasScope ? "a good token" : "a token without the scope for it"
    }
}
