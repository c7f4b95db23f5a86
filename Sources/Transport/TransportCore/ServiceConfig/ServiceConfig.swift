/// How calls to one service are made: gRPC's service config, with what Florin adds.
///
/// Read from JSON by ``init(json:)``; what the text does not name has gRPC's defaults: no timeout,
/// no retries, `pick_first`.
public struct ServiceConfig: Hashable, Sendable {
    /// What applies to which methods; the most exact name wins.
    public var methods: [MethodConfig] = []

    /// Which address a call goes to.
    public var balancing = Balancing.pickFirst

    /// Bounds what retries add to a service that fails; nil: nothing does.
    public var retryThrottling: RetryThrottling?

    /// The service whose `grpc.health.v1` status decides whether an address is used; nil: none.
    public var healthCheckService: String?

    /// Takes addresses that fail out of the round; nil: none is.
    public var outlierDetection: OutlierDetection?

    /// Stops calling a method that fails; nil: nothing does.
    public var circuitBreaking: CircuitBreaking?

    /// gRPC's defaults.
    public init() {}

    /// gRPC's defaults, but calls go round all addresses.
    public static var roundRobin: ServiceConfig {
        var config = ServiceConfig()
        config.balancing = .roundRobin
        return config
    }

    /// What applies to `method` (`package.Service/Method`).
    public func method(_ method: String) -> MethodConfig {
        let service = Substring(method.utf8.prefix { $0 != UInt8(ascii: "/") })
        var best = (config: MethodConfig?.none, rank: 0)
        for config in self.methods {
            let rank = config.rank(method, service)
            if rank > best.rank { best = (config, rank) }
        }
        return best.config ?? MethodConfig(names: [])
    }

    /// The ways to choose an address.
    public enum Balancing: Hashable, Sendable {
        /// All calls to the first address that works.
        case pickFirst
        /// Calls go round the addresses that work.
        case roundRobin
        /// The less busy one of `choices` addresses drawn by chance.
        case leastRequest(choices: Int)
    }
}
