internal import StrictJSON

/// The rules for retrying failed attempts (gRFC A6).
public struct RetryPolicy: Hashable, Sendable {
    /// The upper bound of `maxAttempts` in any policy.
    public static let attemptsMax = 5
    /// The number of attempts including the first: 2 to 5.
    public var maxAttempts: Int
    /// The wait before the second attempt, ±20 %.
    public var initialBackoff: Duration
    /// The longest wait, ±20 %.
    public var maxBackoff: Duration
    /// The factor from one wait to the next.
    public var backoffMultiplier: Double
    /// The statuses to retry.
    ///
    /// DEADLINE_EXCEEDED is retried for idempotent calls only.
    public var retryableCodes: Set<StatusCode>

    /// Creates a policy; more than five attempts become five.
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
