/// Checks that a service that reports SERVING serves.
package struct ServedOracle: Oracle {
    package let name = "serving_means_served"
    package let watches: EventKinds = .probed

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .probed(let reading) = event.what, reading.isServing,
            reading.canarySucceeded == false
        else { return nil }
        return Violation(
            "\(reading.process) says that \(reading.service) is serving, and a call of it failed",
            witnesses: [index]
        )
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }
}
