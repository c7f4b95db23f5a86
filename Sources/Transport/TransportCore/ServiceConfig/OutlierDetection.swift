internal import StrictJSON

/// The rules for leaving out addresses that fail.
public struct OutlierDetection: Hashable, Sendable {
    /// The number of consecutive failures that ejects an address.
    public var consecutiveFailures = 5
    /// The time of the first ejection; the n-th in a row takes n times as long, up to ten times.
    public var baseEjectionTime = Duration.seconds(30)
    /// The most addresses ejected at a time, in percent, rounded down; never the last one.
    public var maxEjectionPercent = 50

    /// Creates the defaults: 5 failures, 30 s, half of the addresses.
    public init() {}
}

extension OutlierDetection {
    init(_ value: JSONValue) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: "$.florin.outlierDetection",
            known: ["consecutiveFailures", "baseEjectionTime", "maxEjectionPercent"]
        )
        self.init()
        self.consecutiveFailures =
            try fields.integer("consecutiveFailures", 1...1_000_000) ?? self.consecutiveFailures
        self.baseEjectionTime =
            try fields.duration("baseEjectionTime") ?? self.baseEjectionTime
        self.maxEjectionPercent =
            try fields.integer("maxEjectionPercent", 0...100) ?? self.maxEjectionPercent
    }
}
