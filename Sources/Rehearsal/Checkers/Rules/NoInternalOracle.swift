/// Checks that no client gets an internal error: clients ask nothing that excuses one.
package struct NoInternalOracle: Oracle {
    package let name = "no_internal"
    package let watches: EventKinds = .returned

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .returned(let operation, let outcome) = event.what,
            let course = state.trail[operation]
        else { return nil }
        switch outcome {
        case .refused(let status, let code) where status == 500 || Self.isInternal(code): break
        case .unknown(let code) where Self.isInternal(code): break
        default: return nil
        }
        return Violation(
            "\(course.operation.summary) was answered \(outcome.summary)",
            witnesses: course.witnesses
        )
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }

    private static func isInternal(_ code: String) -> Bool {
        code.lowercased() == RefusalCode.internalFault.rawValue
    }
}
