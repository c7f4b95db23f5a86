/// Decides after each failed attempt of a call whether and when to retry (gRFC A6).
struct RetryPlan {
    /// The decision on a failed attempt.
    enum Action: Hashable {
        /// Retry after a wait.
        case retry(after: Duration)
        /// Return the error. `isSettled`: callers further up must not retry.
        case giveUp(isSettled: Bool)
    }

    private let policy: RetryPolicy
    private let isIdempotent: Bool
    private var backoff: Duration

    /// The number of attempts that have failed.
    private(set) var attempts = 0

    /// The attempts beyond the first.
    private(set) var repeats = Repeats()

    /// Creates the plan for a call; an idempotent one is retried although it may have taken effect.
    init(_ policy: RetryPolicy, isIdempotent: Bool) {
        self.policy = policy
        self.isIdempotent = isIdempotent
        self.backoff = policy.initialBackoff
    }

    /// Decides on an attempt that failed with `error`; `draw` is uniform in 0..<1.
    mutating func failed(
        with error: RPCError,
        throttle: inout RetryThrottle?,
        draw: Double
    ) -> Action {
        self.attempts += 1
        let pushback = error.pushback
        guard self.mayRetry(error) else {
            if pushback == .never { throttle?.failed() }
            return .giveUp(isSettled: pushback == .never)
        }
        throttle?.failed()
        guard pushback != .never, throttle?.allowsRetries ?? true,
            self.attempts < self.policy.maxAttempts
        else { return .giveUp(isSettled: true) }
        return .retry(after: self.wait(pushback, draw))
    }

    /// Records a retry after `wait`.
    mutating func retries(after wait: Duration) {
        self.repeats.retries += 1
        self.repeats.delay += wait
    }

    /// Counts a failure that cannot be retried, because the call had been answered.
    func count(_ error: RPCError, throttle: inout RetryThrottle?) {
        guard self.policy.retryableCodes.contains(error.code) || error.pushback == .never else {
            return
        }
        throttle?.failed()
    }

    private func mayRetry(_ error: RPCError) -> Bool {
        guard self.policy.retryableCodes.contains(error.code) else { return false }
        return error.code != .deadlineExceeded || self.isIdempotent
    }

    /// The server's pushback, or the policy's next backoff, ±20 %.
    private mutating func wait(_ pushback: Pushback?, _ draw: Double) -> Duration {
        if case .after(let wait) = pushback {
            self.backoff = self.policy.initialBackoff
            return wait
        }
        let wait = min(self.backoff, self.policy.maxBackoff) * (0.8 + 0.4 * draw)
        self.backoff = min(
            self.backoff * self.policy.backoffMultiplier,
            self.policy.maxBackoff
        )
        return wait
    }
}

/// A server's advice on retries, in `grpc-retry-pushback-ms`.
enum Pushback: Hashable {
    /// Retry after this long.
    case after(Duration)
    /// Do not retry.
    case never
}

extension RPCError {
    /// The server's advice on retries; an unreadable one means "do not" (gRFC A6).
    var pushback: Pushback? {
        guard let text = self.trailers.text(Metadata.retryPushback) else { return nil }
        guard let wait = UInt32(text) else { return .never }
        return .after(.milliseconds(Int64(wait)))
    }

    /// This error, with the advice not to retry.
    package var withoutRetry: RPCError {
        var error = self
        error.trailers.remove(Metadata.retryPushback)
        error.trailers.add(Metadata.retryPushback, "-1")
        return error
    }
}
