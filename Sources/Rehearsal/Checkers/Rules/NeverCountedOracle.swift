/// Checks that no process counts a certain metric, each count of which is an error.
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

    /// Checks that no call has a later deadline than the call that it serves.
    package static let deadlinesShrink = NeverCountedOracle(
        "deadlines_shrink",
        metric: deadlineExceedsCaller,
        "a call was given more time than the call that it was made for"
    )

    /// Checks that a service answers health checks under any load.
    package static let healthIsAnswered = NeverCountedOracle(
        "health_is_answered",
        metric: healthRefused,
        "a service was too busy to tell its health"
    )

    /// Checks that a gateway refuses requests above its rate limit, and only those.
    package static let rateLimitKept = NeverCountedOracle(
        "rate_limit_kept",
        metric: rateLimitBroken,
        "a gateway let a subject ask more often than its limit allows, or sent it away too early"
    )

    /// The metric of calls with a later deadline than the call that they serve.
    package static let deadlineExceedsCaller = "deadline_exceeds_caller"

    /// The metric of health checks that a busy service refused.
    package static let healthRefused = "health_refused"

    /// The metric of breaches of a gateway's rate limit.
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
