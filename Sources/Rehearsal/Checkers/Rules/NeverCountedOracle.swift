/// Something that whoever looks into a process counts when it happens, and that must not happen.
package struct NeverCountedOracle: Oracle {
    package let name: String
    package let watches: EventKinds = .counted

    private let metric: String
    private let sentence: String

    private init(_ name: String, metric: String, _ sentence: String) {
        self.name = name
        self.metric = metric
        self.sentence = sentence
    }

    /// No call is given more time than its caller has.
    package static let deadlinesShrink = NeverCountedOracle(
        "deadlines_shrink",
        metric: deadlineExceedsCaller,
        "a call was given more time than the call that it was made for"
    )

    /// However busy a service is, it tells its health.
    package static let healthIsAnswered = NeverCountedOracle(
        "health_is_answered",
        metric: healthRefused,
        "a service was too busy to tell its health"
    )

    /// A limit of requests is neither forgotten nor stricter than it says.
    package static let rateLimitKept = NeverCountedOracle(
        "rate_limit_kept",
        metric: rateLimitBroken,
        "a gateway let a subject ask more often than its limit allows, or sent it away too early"
    )

    /// The count of calls that get more time than their caller has.
    package static let deadlineExceedsCaller = "deadline_exceeds_caller"

    /// The count of services too busy to tell their health.
    package static let healthRefused = "health_refused"

    /// The count of gateways that break their limit of requests.
    package static let rateLimitBroken = "rate_limit_broken"

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard event.what == .counted(metric: self.metric) else { return nil }
        return Violation(self.sentence, witnesses: [index])
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }
}
