/// Checks that a bad token has no effect, and that a good one allows what its scopes say and no
/// more.
///
/// A service may refuse a good token only while a clock is wrong. The replacement of a secret is no
/// excuse: old and new one are both good until every process has the new one. A token is not good
/// yet while a service cannot know its key; the event of the refusal says so.
package struct AuthGateOracle: Oracle {
    package let name = "auth_gate"
    package let watches: EventKinds = [.returned, .judged, .fault]

    private var clocks: ClockFaults
    /// Requests whose tokens the gateway had to refuse, and did.
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
                "\(course.operation.summary) had \(course.operation.defect), and the journal has"
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
            // The request need not have reached a service that checks tokens.
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
            "\(operation.summary) had \(operation.defect) and was answered \(outcome.summary)",
            witnesses: course.witnesses
        )
    }
}

extension Operation {
    /// True when the token is good and has the scope that the request needs.
    fileprivate var isAllowed: Bool { self.hasGoodToken && self.hasScope }

    /// The token's defect, for a sentence.
    fileprivate var defect: String {
        guard self.hasGoodToken else { return "a bad token" }
        return self.hasScope ? "a good token" : "a token without the scope for it"
    }
}
