/// A call with the deadline of all its attempts.
struct TimedCall {
    private(set) var call: OutgoingCall
    private let deadline: Timeline.Instant?

    init(_ call: OutgoingCall, _ timeline: Timeline) {
        self.call = call
        self.deadline = call.timeout.map { timeline.now.advanced(by: $0) }
    }

    func hasTime(for wait: Duration, _ timeline: Timeline) -> Bool {
        guard let deadline = self.deadline else { return true }
        return timeline.now.advanced(by: wait) < deadline
    }

    /// Turns into the attempt after `count` others, with the remaining time.
    mutating func next(after count: Int, _ timeline: Timeline) throws(RPCError) {
        if let deadline = self.deadline {
            let left = timeline.now.duration(to: deadline)
            guard left > .zero else { throw .noTimeForAttempt }
            self.call.timeout = left
        }
        self.call.metadata.remove(Metadata.previousAttempts)
        if count > 0 { self.call.metadata.add(Metadata.previousAttempts, "\(count)") }
    }

    /// The attempt after `count` others, with the remaining time.
    func after(_ count: Int, _ timeline: Timeline) throws(RPCError) -> TimedCall {
        var attempt = self
        try attempt.next(after: count, timeline)
        return attempt
    }
}

extension RPCError {
    /// True when the error proves that the call had no effect.
    ///
    /// The proof is the transport's `wasNeverProcessed`, or the reason in a server's UNAVAILABLE or
    /// RESOURCE_EXHAUSTED.
    var isVouchedFor: Bool {
        if self.wasNeverProcessed { return true }
        switch self.code {
        case .unavailable, .resourceExhausted: return self.reason != nil
        default: return false
        }
    }

    static let cancelledBetweenAttempts = RPCError(
        .cancelled,
        "the call was cancelled between two attempts"
    )
    static let noTimeForAttempt = RPCError(
        .deadlineExceeded,
        "no time was left for another attempt"
    )
}
