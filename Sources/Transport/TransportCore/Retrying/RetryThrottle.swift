/// The tokens that retries to one service live on (gRFC A6).
///
/// While a service answers, calls may be retried; once too many fail, none is, until enough have
/// succeeded again: an outage costs a few attempts, not a multiple of the load.
struct RetryThrottle {
    private let limits: RetryThrottling
    private var tokens: Double

    init(_ limits: RetryThrottling) {
        self.limits = limits
        self.tokens = limits.maxTokens
    }

    /// Whether a failed attempt may be made again now.
    var allowsRetries: Bool { self.tokens > self.limits.maxTokens / 2 }

    mutating func succeeded() {
        self.tokens = min(self.limits.maxTokens, self.tokens + self.limits.tokenRatio)
    }

    mutating func failed() { self.tokens = max(0, self.tokens - 1) }
}
