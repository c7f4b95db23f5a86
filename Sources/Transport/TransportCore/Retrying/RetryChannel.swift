import Synchronization

/// A channel that retries or hedges calls, as its config says.
///
/// A stream is reopened until the server sends headers (``RetriedStream``), and never hedged. Only
/// the layer next to a failure retries: when this channel gives up a retryable call, it marks
/// ``CallScope``, so that the parent's reply tells callers not to retry.
public final class RetryChannel: Channel {
    let base: any Channel
    private let config: ServiceConfig
    let timeline: Timeline
    private let draw: @Sendable () -> Double
    let observer: any ClientObserver
    let throttle: Mutex<RetryThrottle?>

    /// Adds retries and hedging to `base`.
    ///
    /// - Parameters:
    ///   - base: Makes one attempt.
    ///   - config: The policies by method.
    ///   - timeline: The time for waits and deadlines.
    ///   - draw: A source of uniform numbers in 0..<1, for jitter.
    ///   - observer: Receives the attempts beyond the first.
    public init(
        _ base: any Channel,
        _ config: ServiceConfig,
        timeline: Timeline,
        draw: @escaping @Sendable () -> Double,
        observer: any ClientObserver
    ) {
        self.base = base
        self.config = config
        self.timeline = timeline
        self.draw = draw
        self.observer = observer
        self.throttle = Mutex(config.retryThrottling.map(RetryThrottle.init))
    }

    /// Makes the call with the retries or hedges of its policy.
    ///
    /// Cancelling the task also ends a wait between attempts.
    ///
    /// - Throws: the error of the last attempt; CANCELLED or DEADLINE_EXCEEDED between attempts.
    public func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply
    {
        let method = self.config.method(call.method)
        if let hedging = method.hedging {
            return try await self.hedge(TimedCall(call, self.timeline), message, hedging)
        }
        guard let policy = method.retry else { return try await self.base.unary(call, message) }
        var plan = RetryPlan(policy, isIdempotent: call.isIdempotent)
        var attempt = TimedCall(call, self.timeline)
        var certainty = Certainty()
        defer { self.tell(of: plan.repeats, call.method) }
        while true {
            do throws(RPCError) {
                let reply = try await self.base.unary(attempt.call, message)
                self.throttle.withLock { $0?.succeeded() }
                return reply
            } catch {
                let known = certainty.known(after: error)
                let wait = try await self.wait(after: known, &plan, attempt)
                try attempt.next(after: plan.attempts, self.timeline)
                plan.retries(after: wait)
            }
        }
    }

    /// Opens the stream, with the retries of its policy.
    public func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        guard let policy = self.config.method(call.method).retry else {
            return try await self.base.open(call)
        }
        let stream = RetriedStream(self, call, policy)
        try await stream.begin()
        return ClientStream(responses: stream, requests: stream)
    }

    /// Waits for the next attempt.
    ///
    /// - Returns: the time waited.
    /// - Throws: `error` when there is no further attempt; CANCELLED when the task is cancelled.
    func wait(
        after error: RPCError,
        _ plan: inout RetryPlan,
        _ attempt: TimedCall
    ) async throws(RPCError) -> Duration {
        let draw = self.draw()
        let action = self.throttle.withLock { throttle in
            plan.failed(with: error, throttle: &throttle, draw: draw)
        }
        switch action {
        case .giveUp(let isSettled):
            if isSettled { self.giveUp(attempt.call.method) }
            throw error
        case .retry(let wait):
            guard attempt.hasTime(for: wait, self.timeline) else {
                self.giveUp(attempt.call.method)
                throw error
            }
            self.observer.retried(attempt.call.method, after: wait)
            do { try await self.timeline.sleep(for: wait) } catch {
                throw .cancelledBetweenAttempts
            }
            return wait
        }
    }

    /// Reports the attempts beyond the first, if any, to the observer.
    func tell(of repeats: Repeats, _ method: String) {
        if repeats != Repeats() { self.observer.repeated(method, repeats) }
    }

    /// Marks the request being served, so that its callers do not retry.
    func giveUp(_ method: String) {
        CallScope.current.failure?.settle()
        self.observer.gaveUp(method)
    }
}
