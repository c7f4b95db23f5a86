package import Checkers

/// The counts of a run, by the names that scenario files know.
package struct Metrics: Sendable {
    package private(set) var counts: [String: Int] = [:]

    package init() {}

    /// Counts one of `name`.
    package mutating func count(_ name: String) { self.counts[name, default: 0] += 1 }

    /// Counts what an event shows.
    package mutating func observe(_ what: HistoryEvent.What) {
        switch what {
        case .tried(_, let attempt, _) where attempt > 1: self.count("retried")
        case .returned(_, let outcome): self.observe(outcome)
        case .committed: self.count("committed")
        case .process(_, .crashed): self.count("crashed")
        default: break
        }
    }

    private mutating func observe(_ outcome: Outcome) {
        if outcome.isReplay { self.count("replayed") }
        switch outcome {
        case .paid: self.count("paid")
        case .refunded: self.count("refunded")
        case .read: self.count("read")
        case .unknown: self.count("unknown_outcome")
        case .refused(401, _), .refused(403, _): self.count("refused_token")
        case .refused(404, _): self.count("not_found")
        case .refused(409, _): self.count("refund_refused")
        case .refused(422, _): self.count("key_reused")
        case .refused(503, "overloaded"): self.count("overloaded")
        default: break
        }
    }
}

extension Outcome {
    fileprivate var isReplay: Bool {
        switch self {
        case .paid(_, _, _, isReplay: true), .refunded(_, _, _, _, isReplay: true): true
        default: false
        }
    }
}
