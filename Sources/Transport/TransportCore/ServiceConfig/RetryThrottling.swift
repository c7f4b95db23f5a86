internal import StrictJSON

/// How many retries a failing service is spared (gRFC A6).
///
/// A failure takes a token, a success gives `tokenRatio` of one back, and there are retries only
/// while more than half of the tokens are left.
public struct RetryThrottling: Hashable, Sendable {
    /// Tokens at the start, and the most there may be.
    public var maxTokens: Double
    /// What a success gives back.
    public var tokenRatio: Double

    /// A bucket of `maxTokens`.
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
