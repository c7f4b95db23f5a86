internal import StrictJSON

/// When a method of a service is not called for a while.
public struct CircuitBreaking: Hashable, Sendable {
    /// How far back calls count.
    public var window = Duration.seconds(10)
    /// Fewer calls within the window never open the breaker.
    public var minimumCalls = 20
    /// The share of failures, in percent, from which on it opens.
    public var failurePercent = 50
    /// How long it stays open.
    public var openTime = Duration.seconds(5)
    /// Calls that are let through after that; it closes when all of them succeed.
    public var probes = 3

    /// 20 calls, half of which failed within 10 s: open for 5 s, then 3 probes.
    public init() {}
}

extension CircuitBreaking {
    init(_ value: JSONValue) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: "$.florin.circuitBreaking",
            known: ["window", "minimumCalls", "failurePercent", "openTime", "probes"]
        )
        self.init()
        self.window = try fields.duration("window") ?? self.window
        self.minimumCalls =
            try fields.integer("minimumCalls", 1...1_000_000) ?? self.minimumCalls
        self.failurePercent = try fields.integer("failurePercent", 1...100) ?? self.failurePercent
        self.openTime = try fields.duration("openTime") ?? self.openTime
        self.probes = try fields.integer("probes", 1...1_000) ?? self.probes
        guard self.window > .zero else { throw fields.fault("window", "must be above 0s") }
    }
}
