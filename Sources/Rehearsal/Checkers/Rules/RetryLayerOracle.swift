/// Checks that when a process gives up a call, the process above does not retry it.
///
/// Only for drills that lose no answers: a caller that misses the answer may retry.
package struct RetryLayerOracle: Oracle {
    package let name = "retries_at_one_layer"
    package let watches: EventKinds = [.retried, .gaveUp]

    private struct GivenUp {
        let process: String
        let at: Int
    }

    private var givenUp: [String: GivenUp] = [:]

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        switch event.what {
        case .gaveUp(let process, let requestID):
            // Calls without a request id, such as health checks, cannot be told apart.
            guard !requestID.isEmpty else { return nil }
            self.givenUp[requestID] = GivenUp(process: process, at: index)
            return nil
        case .retried(let reading):
            guard let earlier = self.givenUp[reading.requestID],
                earlier.process != reading.process
            else { return nil }
            return Violation(
                "\(reading.process) tries \(reading.callee) again for \(reading.requestID),"
                    + " which \(earlier.process) gave up",
                witnesses: [earlier.at, index]
            )
        default: return nil
        }
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }
}
