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

/// How calls to some methods are made.
public struct MethodConfig: Hashable, Sendable {
    /// Which methods: a method, a service, or (both empty) all.
    public struct Name: Hashable, Sendable {
        /// `package.Service`; empty for all services.
        public var service: String
        /// The method's own name; empty for all of the service.
        public var method: String

        /// A method, a service when `method` is empty, or all when both are.
        public init(service: String = "", method: String = "") {
            self.service = service
            self.method = method
        }
    }

    /// The methods to which this applies.
    public var names: [Name]
    /// Whether calls wait for a connection unless they say otherwise.
    public var waitForReady = false
    /// The longest that a call may take, from the first attempt to the answer; nil: no bound here.
    public var timeout: Duration?
    /// How failed attempts are made again; nil: they are not.
    public var retry: RetryPolicy?
    /// How attempts are sent before the last has answered; nil: they are not.
    public var hedging: HedgingPolicy?

    /// How messages of 1 KiB and more are encoded where bytes have a price.
    public var compression = Encoding.identity

    /// The encodings that a call may ask for.
    public enum Encoding: String, Hashable, Sendable, CaseIterable {
        /// As they are.
        case identity
        /// By gzip (RFC 1952).
        case gzip
    }

    /// What applies to `names`; nothing yet.
    public init(names: [Name]) { self.names = names }

    /// How exactly this names `method`: 3 by method, 2 by service, 1 all, 0 not at all.
    fileprivate func rank(_ method: String, _ service: Substring) -> Int {
        self.names.reduce(0) { best, name in
            if name.service.isEmpty { return max(best, 1) }
            guard name.service == service else { return best }
            if name.method.isEmpty { return max(best, 2) }
            let own = method.utf8.dropFirst(service.utf8.count + 1)
            return own.elementsEqual(name.method.utf8) ? 3 : best
        }
    }
}

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

/// When attempts are sent although the last has not failed yet (gRFC A6).
public struct HedgingPolicy: Hashable, Sendable {
    /// Attempts in all, the first included: 2 to 5.
    public var maxAttempts: Int
    /// How long after one attempt the next is sent.
    public var delay: Duration
    /// Statuses that do not end the call: the next attempt is sent at once instead.
    public var nonFatalCodes: Set<StatusCode>

    /// A policy.
    public init(maxAttempts: Int, delay: Duration, nonFatalCodes: Set<StatusCode>) {
        self.maxAttempts = min(maxAttempts, RetryPolicy.attemptsMax)
        self.delay = delay
        self.nonFatalCodes = nonFatalCodes
    }
}

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
