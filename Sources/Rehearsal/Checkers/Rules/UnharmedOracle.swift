/// Checks that no client gets an unknown outcome or a server error.
///
/// For drills whose faults the policies must hide, such as the death of one of several replicas.
package struct UnharmedOracle: Oracle {
    package let name = "unharmed"
    package let watches: EventKinds = .returned

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .returned(let operation, let outcome) = event.what,
            let course = state.trail[operation], outcome.isHarm
        else { return nil }
        return Violation(
            "\(course.operation.summary) was answered \(outcome.summary), and a replica of"
                + " everything was there",
            witnesses: course.witnesses
        )
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }
}

extension Outcome {
    fileprivate var isHarm: Bool {
        switch self {
        case .unknown: true
        case .refused(let status, _): status >= 500
        default: false
        }
    }
}
