/// A bad token opens nothing and leaves nothing; a good one is refused only for a fault's sake.
package struct AuthGateOracle: Oracle {
    package let name = "auth_gate"
    package let watches: EventKinds = [.invoked, .returned, .committed, .judged, .fault]

    private let premises: Premises
    private var trail = OperationTrail()
    private var lines: [EntryLine] = []
    /// Whether a fault was fired that can spoil tokens.
    private var isExcused = false

    package init(premises: Premises = Premises()) {
        self.premises = premises
    }

    package mutating func observe(_ event: HistoryEvent, index: Int) -> Violation? {
        self.trail.observe(event, index: index)
        switch event.what {
        case .committed(let posted):
            self.lines.append(EntryLine(posted: posted, at: index))
            return nil
        case .fault(let id, .fired), .fault(let id, .effective):
            self.isExcused = self.isExcused || self.spoilsTokens(id)
            return nil
        case .judged(let judgement):
            return self.fault(in: judgement, index)
        case .returned(let operation, let outcome):
            return self.trail[operation].flatMap { self.fault(in: outcome, of: $0, index) }
        default:
            return nil
        }
    }

    package mutating func conclude() -> Verdict {
        guard self.trail.courses.contains(where: { !$0.operation.hasGoodToken }) else {
            return .pass
        }
        let tally = EffectTally(of: self.lines, askedBy: self.trail.courses)
        for excess in tally.excesses({ $0.operation.hasGoodToken }) {
            let bad = excess.askers.filter { !$0.operation.hasGoodToken }
            guard let course = bad.first else { continue }
            let violation = Violation(
                "\(course.operation.summary) had a bad token, and the journal has"
                    + " \(excess.entries.map(\.posted).summary) for it",
                witnesses: (bad.flatMap(\.witnesses) + excess.entries.map(\.at)).sorted()
            )
            return .fail(violation)
        }
        return .pass
    }

    private func spoilsTokens(_ faultID: String) -> Bool {
        guard let kind = self.premises.faultKinds[faultID] else { return true }
        return kind.hasPrefix("auth.") || kind.hasPrefix("clock.")
    }

    private func fault(in judgement: TokenJudgement, _ index: Int) -> Violation? {
        let end = "token of request \(judgement.requestID)"
        if judgement.isBad, judgement.wasAccepted {
            return Violation("\(judgement.judge) accepted the bad \(end)", witnesses: [index])
        }
        if !judgement.isBad, !judgement.wasAccepted, !self.isExcused {
            return Violation("\(judgement.judge) refused the good \(end)", witnesses: [index])
        }
        return nil
    }

    private func fault(
        in outcome: Outcome,
        of course: OperationCourse,
        _ index: Int
    ) -> Violation? {
        let operation = course.operation
        switch outcome {
        case .paid, .refunded, .read:
            guard !operation.hasGoodToken else { return nil }
            return Violation(
                "\(operation.summary) had a bad token and was answered \(outcome.summary)",
                witnesses: course.witnesses
            )
        case .refused(let status, _) where status == 401 || status == 403:
            guard operation.hasGoodToken, !self.isExcused else { return nil }
            return Violation(
                "\(operation.summary) had a good token and was answered \(outcome.summary)",
                witnesses: course.witnesses
            )
        case .refused, .unknown:
            return nil
        }
    }
}
