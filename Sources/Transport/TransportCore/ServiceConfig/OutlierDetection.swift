internal import StrictJSON

/// When an address that fails is taken out of the round.
public struct OutlierDetection: Hashable, Sendable {
    /// Failures in a row after which an address is ejected.
    public var consecutiveFailures = 5
    /// How long the first time; the n-th time in a row it is n times as long, up to ten times.
    public var baseEjectionTime = Duration.seconds(30)
    /// The most addresses that may be out at a time, in percent, rounded down; never the last.
    public var maxEjectionPercent = 50

    /// 5 failures, 30 s, half of the addresses.
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
