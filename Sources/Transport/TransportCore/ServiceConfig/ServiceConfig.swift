/// The options for calls to one service: gRPC's service config with Florin's additions.
///
/// Read from JSON by ``init(json:)``. Omitted parts have gRPC's defaults: no timeout, no retries,
/// `pick_first`.
public struct ServiceConfig: Hashable, Sendable {
    /// The options by method; the most exact name wins.
    public var methods: [MethodConfig] = []

    /// The choice of the address for a call.
    public var balancing = Balancing.pickFirst

    /// The bound on retries to a failing service; nil sets none.
    public var retryThrottling: RetryThrottling?

    /// The service whose `grpc.health.v1` status decides whether an address is used; nil checks
    /// none.
    public var healthCheckService: String?

    /// The rules for leaving out failing addresses; nil ejects none.
    public var outlierDetection: OutlierDetection?

    /// The rules for stopping calls of a failing method; nil never stops them.
    public var circuitBreaking: CircuitBreaking?

    /// Creates gRPC's defaults.
    public init() {}

    /// gRPC's defaults with round-robin balancing.
    public static var roundRobin: ServiceConfig {
        var config = ServiceConfig()
        config.balancing = .roundRobin
        return config
    }

    /// The options for `method` (`package.Service/Method`).
    public func method(_ method: String) -> MethodConfig {
        let service = Substring(method.utf8.prefix { $0 != UInt8(ascii: "/") })
        var best = (config: MethodConfig?.none, rank: 0)
        for config in self.methods {
            let rank = config.rank(method, service)
            if rank > best.rank { best = (config, rank) }
        }
        return best.config ?? MethodConfig(names: [])
    }

    /// A way to choose an address.
    public enum Balancing: Hashable, Sendable {
        /// Sends all calls to the first usable address.
        case pickFirst
        /// Sends calls to the usable addresses in turn.
        case roundRobin
        /// Sends each call to the least busy of `choices` addresses drawn at random.
        case leastRequest(choices: Int)
    }
}
