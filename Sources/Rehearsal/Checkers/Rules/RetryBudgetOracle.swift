/// Checks that successes bound retries, so that an outage costs a few attempts, not a multiple of
/// the load.
///
/// The bound is that of the standard configuration. A bucket holds ten tokens, of which retries may
/// spend half; each success adds a tenth of a token.
package struct RetryBudgetOracle: Oracle {
    package let name = "retries_within_budget"
    package let watches: EventKinds = [.retried]

    private static let burst = 5
    private static let successesPerRetry = 10

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .retried(let reading) = event.what else { return nil }
        let allowed = Self.burst + reading.successes / Self.successesPerRetry
        guard reading.retries > allowed else { return nil }
        return Violation(
            "\(reading.process) tried \(reading.callee) again \(reading.retries) times,"
                + " after \(reading.successes) successes: \(allowed) are allowed",
            witnesses: [index]
        )
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }
}
