internal import StrictJSON

/// When attempts are sent although the last has not failed yet (gRFC A6).
public struct HedgingPolicy: Hashable, Sendable {
    /// Attempts in all, the first included: 2 to 5.
    public var maxAttempts: Int
    /// How long after one attempt the next is sent.
    public var delay: Duration
    /// Statuses that do not end the call: the next attempt is sent at once instead.
    public var nonFatalCodes: Set<StatusCode>

    /// A policy.
    public init(maxAttempts: Int, delay: Duration, nonFatalCodes: Set<StatusCode>) {
        self.maxAttempts = min(maxAttempts, RetryPolicy.attemptsMax)
        self.delay = delay
        self.nonFatalCodes = nonFatalCodes
    }
}

extension HedgingPolicy {
    init(_ value: JSONValue, at path: String) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: path,
            known: ["maxAttempts", "hedgingDelay", "nonFatalStatusCodes"]
        )
        self.init(
            maxAttempts: try fields.attempts(),
            delay: try fields.duration("hedgingDelay") ?? .zero,
            nonFatalCodes: try fields.codes("nonFatalStatusCodes", minimum: 0)
        )
    }
}
