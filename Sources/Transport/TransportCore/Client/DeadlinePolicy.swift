/// Sets the timeout of every outgoing call.
///
/// The timeout is the shortest of the call's own, ``limit``, and the time left of the request being
/// served less a margin.
public struct DeadlinePolicy: ClientPolicy {
    private let timeline: Timeline
    private let limit: Duration
    private let margin: Duration

    /// Creates a policy on `timeline`.
    ///
    /// No call waits longer than `limit`. An inherited deadline shrinks by `margin`, so that the
    /// caller still has time to answer.
    public init(timeline: Timeline, limit: Duration, margin: Duration = .milliseconds(5)) {
        self.timeline = timeline
        self.limit = limit
        self.margin = margin
    }

    /// Sets the timeout.
    ///
    /// - Throws: DEADLINE_EXCEEDED when no time is left; the call is not sent.
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

/// Passes on the ids of the request being served: `x-request-id` and `traceparent`.
public struct RequestContextPolicy: ClientPolicy {
    /// Creates a policy that reads ``CallScope``.
    public init() {}

    /// Adds the two fields that the scope has.
    public func prepare(_ call: inout OutgoingCall) throws(RPCError) {
        let scope = CallScope.current
        if let requestID = scope.requestID { call.metadata.add("x-request-id", requestID) }
        if let traceParent = scope.traceParent { call.metadata.add("traceparent", traceParent) }
    }
}
