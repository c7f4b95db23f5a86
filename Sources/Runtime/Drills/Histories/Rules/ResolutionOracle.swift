/// Every operation ended, and what ended without a certain outcome happened once or never.
package struct ResolutionOracle: Oracle {
    package let name = "all_ops_resolved"
    package let watches: EventKinds = [
        .operations, .committed, .unusualCrossing,
    ]

    private var trail: OperationTrail
    private var lines: [EntryLine] = []

    package init(premises: Premises = Premises()) {
        self.trail = OperationTrail(seesLinks: premises.seesLinks)
    }

    package mutating func observe(_ event: HistoryEvent, index: Int) -> Violation? {
        switch event.what {
        case .committed(let posted):
            self.lines.append(EntryLine(posted: posted, at: index))
        case .returned(let operation, _):
            if let course = self.trail[operation], let end = course.end {
                return Violation(
                    "\(course.operation.summary) ended twice",
                    witnesses: [end.at, index]
                )
            }
            self.trail.observe(event, index: index)
        default:
            self.trail.observe(event, index: index)
        }
        return nil
    }

    package mutating func conclude() -> Verdict {
        if let course = self.trail.courses.first(where: { $0.end == nil }) {
            let violation = Violation(
                "\(course.operation.summary) never ended",
                witnesses: course.witnesses
            )
            return .fail(violation)
        }
        guard self.trail.courses.contains(where: \.isUncertain) else { return .pass }
        let tally = EffectTally(of: self.lines, askedBy: self.trail.courses)
        for excess in tally.excesses(self.trail.mayHaveActed) {
            if let course = excess.askers.first(where: \.isUncertain) {
                return .fail(
                    Violation(
                        "\(course.operation.summary) has no certain outcome, and the journal has"
                            + " \(excess.entries.map(\.posted).summary) where there may be"
                            + " \(excess.expected)",
                        witnesses: excess.witnesses
                    )
                )
            }
        }
        return .pass
    }
}

extension OperationCourse {
    fileprivate var isUncertain: Bool { self.end?.outcome.isDefinite == false }
}
