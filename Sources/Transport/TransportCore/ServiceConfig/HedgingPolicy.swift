internal import StrictJSON

/// The rules for sending further attempts before the last has failed (gRFC A6).
public struct HedgingPolicy: Hashable, Sendable {
    /// The number of attempts including the first: 2 to 5.
    public var maxAttempts: Int
    /// The time from one attempt to the next.
    public var delay: Duration
    /// Statuses that do not end the call; the next attempt is then sent at once.
    public var nonFatalCodes: Set<StatusCode>

    /// Creates a policy; more than five attempts become five.
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
