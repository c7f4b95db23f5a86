internal import StrictJSON

/// When a failed attempt is made again (gRFC A6).
public struct RetryPolicy: Hashable, Sendable {
    /// The most attempts that any policy may ask for.
    public static let attemptsMax = 5
    /// Attempts in all, the first included: 2 to 5.
    public var maxAttempts: Int
    /// The wait before the second attempt.
    public var initialBackoff: Duration
    /// The longest wait.
    public var maxBackoff: Duration
    /// How much longer each wait is than the one before.
    public var backoffMultiplier: Double
    /// Statuses after which to try again.
    ///
    /// DEADLINE_EXCEEDED counts for idempotent calls alone.
    public var retryableCodes: Set<StatusCode>

    /// A policy.
    public init(
        maxAttempts: Int,
        initialBackoff: Duration,
        maxBackoff: Duration,
        backoffMultiplier: Double,
        retryableCodes: Set<StatusCode>
    ) {
        self.maxAttempts = min(maxAttempts, Self.attemptsMax)
        self.initialBackoff = initialBackoff
        self.maxBackoff = maxBackoff
        self.backoffMultiplier = backoffMultiplier
        self.retryableCodes = retryableCodes
    }
}

extension RetryPolicy {
    init(_ value: JSONValue, at path: String) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: path,
            known: [
                "maxAttempts", "initialBackoff", "maxBackoff", "backoffMultiplier",
                "retryableStatusCodes",
            ]
        )
        self.init(
            maxAttempts: try fields.attempts(),
            initialBackoff: try fields.required(
                try fields.duration("initialBackoff"),
                "initialBackoff"
            ),
            maxBackoff: try fields.required(try fields.duration("maxBackoff"), "maxBackoff"),
            backoffMultiplier: try fields.required(
                try fields.number("backoffMultiplier", upTo: 1_000),
                "backoffMultiplier"
            ),
            retryableCodes: try fields.codes("retryableStatusCodes", minimum: 1)
        )
        guard self.initialBackoff > .zero, self.maxBackoff > .zero else {
            throw fields.fault("initialBackoff", "and maxBackoff must be above 0s")
        }
    }
}
