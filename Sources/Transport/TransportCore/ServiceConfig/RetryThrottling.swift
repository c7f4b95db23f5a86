internal import StrictJSON

/// The bound on retries to a failing service (gRFC A6).
///
/// A failure takes one token and a success returns `tokenRatio`. Calls are retried only while more
/// than half of the tokens remain.
public struct RetryThrottling: Hashable, Sendable {
    /// The tokens at the start, and their maximum.
    public var maxTokens: Double
    /// The tokens that a success returns.
    public var tokenRatio: Double

    /// Creates a bucket of `maxTokens`.
    public init(maxTokens: Double, tokenRatio: Double) {
        self.maxTokens = maxTokens
        self.tokenRatio = tokenRatio
    }
}

extension RetryThrottling {
    init(_ value: JSONValue) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: "$.retryThrottling",
            known: ["maxTokens", "tokenRatio"]
        )
        self.init(
            maxTokens: try fields.required(
                try fields.number("maxTokens", upTo: 1_000),
                "maxTokens"
            ),
            tokenRatio: try fields.required(
                try fields.number("tokenRatio", upTo: 1_000),
                "tokenRatio"
            )
        )
    }
}
