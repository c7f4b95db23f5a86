/// Decides, after each failed attempt of one call, whether and when there is another (gRFC A6).
struct RetryPlan {
    /// What to do with a failed attempt.
    enum Action: Hashable {
        /// Make the call again, after a wait.
        case retry(after: Duration)
        /// The caller gets the error. `isSettled`: it was ours to try again, so nobody above
        /// should.
        case giveUp(isSettled: Bool)
    }

    private let policy: RetryPolicy
    private let isIdempotent: Bool
    private var backoff: Duration

    /// Attempts made so far.
    private(set) var attempts = 0

    /// What was done beyond the first.
    private(set) var repeats = Repeats()

    /// A plan for a call; `isIdempotent`: it may have happened, and be made again all the same.
    init(_ policy: RetryPolicy, isIdempotent: Bool) {
        self.policy = policy
        self.isIdempotent = isIdempotent
        self.backoff = policy.initialBackoff
    }

    /// An attempt ended with `error`; `draw` is uniform in 0..<1.
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

    /// The next attempt is made after `wait`.
    mutating func retries(after wait: Duration) {
        self.repeats.retries += 1
        self.repeats.delay += wait
    }

    /// A call ended with `error` that could not be made again, because it had been answered.
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

    /// The server's own wish, or the next wait of the policy, give or take a fifth.
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

/// What a server says of retries, in `grpc-retry-pushback-ms`.
enum Pushback: Hashable {
    /// Try again after this long.
    case after(Duration)
    /// Do not.
    case never
}

extension RPCError {
    /// What the server said of retries; what cannot be read means no (gRFC A6).
    var pushback: Pushback? {
        guard let text = self.trailers.text(Metadata.retryPushback) else { return nil }
        guard let wait = UInt32(text) else { return .never }
        return .after(.milliseconds(Int64(wait)))
    }

    /// This error, with the word that nobody should make the call again.
    package var withoutRetry: RPCError {
        var error = self
        error.trailers.remove(Metadata.retryPushback)
        error.trailers.add(Metadata.retryPushback, "-1")
        return error
    }
}
