/// Gives every outgoing call a deadline: what is left of the request it works for, less a margin, and never more than
/// the call's own timeout or ``limit``.
public struct DeadlinePolicy: ClientPolicy {
    private let timeline: Timeline
    private let limit: Duration
    private let margin: Duration

    /// A policy on `timeline`: no call waits longer than `limit`, and an inherited deadline shrinks by `margin`, so
    /// that the caller still has time to answer.
    public init(timeline: Timeline, limit: Duration, margin: Duration = .milliseconds(5)) {
        self.timeline = timeline
        self.limit = limit
        self.margin = margin
    }

    /// Sets the timeout.
    ///
    /// - Throws: DEADLINE_EXCEEDED when nothing is left: the call is never sent.
    public func prepare(_ call: inout OutgoingCall) throws(RPCError) {
        var timeout = min(call.timeout ?? self.limit, self.limit)
        if let deadline = CallScope.current.deadline {
            timeout = min(timeout, self.timeline.now.duration(to: deadline) - self.margin)
        }
        guard timeout > .zero else {
            throw RPCError(
                .deadlineExceeded,
                "no time is left to call \(call.method)",
                wasNeverProcessed: true
            )
        }
        call.timeout = timeout
    }
}

/// Hands on what names the request: `x-request-id` and `traceparent`.
public struct RequestContextPolicy: ClientPolicy {
    /// A policy that reads ``CallScope``.
    public init() {}

    /// Adds the two fields when the scope has them.
    public func prepare(_ call: inout OutgoingCall) throws(RPCError) {
        let scope = CallScope.current
        if let requestID = scope.requestID { call.metadata.add("x-request-id", requestID) }
        if let traceParent = scope.traceParent { call.metadata.add("traceparent", traceParent) }
    }
}
