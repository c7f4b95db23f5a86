/// Checks that a stopping process finishes its calls in flight, and does not wait for callers that
/// have gone.
package struct DrainOracle: Oracle {
    package let name = "drains_cleanly"
    package let watches: EventKinds = [.returned, .process, .unusualMessage]

    /// The time that a drain may take beyond the longest wait of a caller, in nanoseconds.
    private static let slack: Int64 = 1_000_000_000

    private struct Drain {
        let since: Int64
        let at: Int
    }

    private let context: CheckerContext
    private var drains: [String: Drain] = [:]

    package init(context: CheckerContext = CheckerContext()) {
        self.context = context
    }

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        switch event.what {
        case .process(let name, .draining):
            self.drains[name] = Drain(since: event.at, at: index)
            return nil
        case .process(let name, let state):
            let drain = self.drains.removeValue(forKey: name)
            guard state == .stopped, let drain else { return nil }
            return self.fault(in: drain, of: name, until: event.at, index)
        case .linkMessage(let link) where link.fate == .reset && self.context.isGentle:
            return Violation(
                "a call from \(link.from) to \(link.to) was cut, and nothing went wrong but"
                    + " restarts",
                witnesses: [index]
            )
        case .returned(let operation, .unknown) where self.context.isGentle:
            guard let course = state.trail[operation], let end = course.end else { return nil }
            return Violation(
                "\(course.operation.summary) was answered \(end.outcome.summary), and nothing went"
                    + " wrong but restarts",
                witnesses: course.witnesses
            )
        default: return nil
        }
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }

    private func fault(
        in drain: Drain,
        of process: String,
        until end: Int64,
        _ index: Int
    ) -> Violation? {
        guard let patience = self.context.patience,
            end - drain.since > patience + Self.slack
        else { return nil }
        let milliseconds = (end - drain.since) / 1_000_000
        return Violation(
            "\(process) needed \(milliseconds) ms to stop, and no caller waits longer than"
                + " \(patience / 1_000_000) ms",
            witnesses: [drain.at, index]
        )
    }
}
