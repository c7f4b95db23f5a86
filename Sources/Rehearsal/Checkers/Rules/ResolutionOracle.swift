/// Checks that every operation ended, and that one without a definite outcome had at most one
/// effect.
package struct ResolutionOracle: Oracle {
    package let name = "all_ops_resolved"
    package let watches: EventKinds = .returned

    private let seesLinks: Bool

    package init(context: CheckerContext = CheckerContext()) {
        self.seesLinks = context.seesLinks
    }

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .returned(let operation, _) = event.what,
            let course = state.trail[operation], let former = course.formerEnd
        else { return nil }
        return Violation("\(course.operation.summary) ended twice", witnesses: [former, index])
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict {
        let (trail, seesLinks) = (state.trail, self.seesLinks)
        if let course = trail.courses.first(where: { $0.end == nil }) {
            let violation = Violation(
                "\(course.operation.summary) never ended",
                witnesses: course.witnesses
            )
            return .fail(violation)
        }
        guard trail.courses.contains(where: \.isUncertain) else { return .pass }
        let tally = EffectTally(of: state.book.lines, askedBy: trail.courses)
        let mayHaveActed = { trail.mayHaveActed($0, seesLinks: seesLinks) }
        for excess in tally.excesses(mayHaveActed) {
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
