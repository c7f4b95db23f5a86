internal import StrictJSON

/// The conditions under which calls of a method stop for a while.
public struct CircuitBreaking: Hashable, Sendable {
    /// The time within which calls count.
    public var window = Duration.seconds(10)
    /// The least calls within the window before the breaker may open.
    public var minimumCalls = 20
    /// The share of failed calls, in percent, at which the breaker opens.
    public var failurePercent = 50
    /// The time until probes are let through.
    public var openTime = Duration.seconds(5)
    /// The number of probes; the breaker closes when all succeed.
    public var probes = 3

    /// Creates the defaults: with 20 calls in 10 s and half of them failed, open for 5 s, then 3
    /// probes.
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
