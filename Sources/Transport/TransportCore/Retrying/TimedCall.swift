/// A call with the time that it has in all.
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

    /// Becomes the attempt after `count` others, with the time that is left.
    mutating func next(after count: Int, _ timeline: Timeline) throws(RPCError) {
        if let deadline = self.deadline {
            let left = timeline.now.duration(to: deadline)
            guard left > .zero else { throw .noTimeForAttempt }
            self.call.timeout = left
        }
        self.call.metadata.remove(Metadata.previousAttempts)
        if count > 0 { self.call.metadata.add(Metadata.previousAttempts, "\(count)") }
    }

    /// This call as the attempt after `count` others.
    func after(_ count: Int, _ timeline: Timeline) throws(RPCError) -> TimedCall {
        var attempt = self
        try attempt.next(after: count, timeline)
        return attempt
    }
}

extension RPCError {
    /// Whether somebody says that the call had no effect: the transport, or the server by a reason.
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
