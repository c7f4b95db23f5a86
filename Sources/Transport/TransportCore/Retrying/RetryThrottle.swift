/// The token bucket that limits retries to one service (gRFC A6).
///
/// Failures take tokens and successes return them. Nothing is retried with half of the maximum or
/// less, so that an outage costs a few attempts instead of a multiple of the load.
struct RetryThrottle {
    private let limits: RetryThrottling
    private var tokens: Double

    init(_ limits: RetryThrottling) {
        self.limits = limits
        self.tokens = limits.maxTokens
    }

    /// True while failed attempts may be retried.
    var allowsRetries: Bool { self.tokens > self.limits.maxTokens / 2 }

    mutating func succeeded() {
        self.tokens = min(self.limits.maxTokens, self.tokens + self.limits.tokenRatio)
    }

    mutating func failed() { self.tokens = max(0, self.tokens - 1) }
}
