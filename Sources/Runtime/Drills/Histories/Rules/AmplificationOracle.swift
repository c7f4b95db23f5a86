/// Retries make at most a fifth more of what is asked, whatever fails.
///
/// Judged from the fiftieth call of a process to a service on: a handful of retries is allowed to
/// anybody, and would be much of a few calls.
package struct AmplificationOracle: Oracle {
    package let name = "retries_at_most_a_fifth"
    package let watches: EventKinds = [.retried]

    private static let callsMin = 50
    private static let callsPerRetry = 5

    package init() {}

    package mutating func observe(_ event: HistoryEvent, index: Int) -> Violation? {
        guard case .retried(let reading) = event.what, reading.calls >= Self.callsMin,
            reading.retries * Self.callsPerRetry > reading.calls
        else { return nil }
        return Violation(
            "\(reading.process) made \(reading.calls) calls to \(reading.callee) and"
                + " \(reading.retries) attempts more: a fifth is allowed",
            witnesses: [index]
        )
    }

    package mutating func conclude() -> Verdict { .pass }
}
