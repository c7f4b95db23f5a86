import Synchronization

/// A channel that makes failed calls again, or several attempts at once, as its config says.
///
/// A stream is made again until the server has answered with headers (``RetriedStream``), and never
/// several at once. When the channel gives up a call that it could have made again, it leaves word
/// in ``CallScope``, so that the answer of the call that this one was made for says so and nobody
/// above tries again: retries happen at one layer, the one next to the failure.
public final class RetryChannel: Channel {
    let base: any Channel
    private let config: ServiceConfig
    let timeline: Timeline
    private let draw: @Sendable () -> Double
    let observer: any ClientObserver
    let throttle: Mutex<RetryThrottle?>

    /// `base`, with retries and hedging.
    ///
    /// - Parameters:
    ///   - base: Makes one attempt.
    ///   - config: What applies to which method.
    ///   - timeline: The time of waits and deadlines.
    ///   - draw: Uniform in 0..<1, for jitter.
    ///   - observer: Told of every attempt beyond the first.
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

    /// Makes the call as often as its policy lets it.
    ///
    /// - Throws: the error of the last attempt.
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

    /// Opens the stream, again if its policy lets it.
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
    /// - Returns: how long.
    /// - Throws: `error` when there is none.
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

    /// A call needs no further attempt.
    func tell(of repeats: Repeats, _ method: String) {
        if repeats != Repeats() { self.observer.repeated(method, repeats) }
    }

    /// Nobody above should make the call again.
    func giveUp(_ method: String) {
        CallScope.current.failure?.settle()
        self.observer.gaveUp(method)
    }
}
