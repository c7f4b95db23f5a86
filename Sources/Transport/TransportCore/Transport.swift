/// A way to carry calls between services: a network or its simulation.
///
/// A call is a method, metadata, a deadline, message bytes each way, and a status with trailing
/// metadata. All implementations keep the same promises; `Tests/TransportConformance` checks them.
public protocol Transport: Sendable {
    /// Serves `router` at `endpoint` until drained or stopped.
    ///
    /// - Throws: ``ConfigurationError`` when the endpoint is not available.
    func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer

    /// A channel to the replicas that `endpoint` names; connects when calls need it.
    ///
    /// The transport applies the parts of `config` that need addresses: balancing, outlier
    /// detection and health checks.
    func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel
}

extension Transport {
    /// A channel that balances calls over all replicas of `endpoint`, round robin.
    public func channel(to endpoint: Endpoint) -> any Channel {
        self.channel(to: endpoint, .roundRobin)
    }
}

/// A running server.
public protocol RunningServer: Sendable {
    /// The endpoint it listens on; a requested port 0 is replaced by the real one.
    var endpoint: Endpoint { get }

    /// Refuses new calls and waits for those in flight. Safe to call again.
    func drain() async

    /// Cancels the calls in flight, whose callers see UNAVAILABLE, and ends. Safe to call again.
    func stop() async
}

/// A host and a port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The host's name or literal address.
    public let host: String
    /// The port; a server's 0 lets the system choose.
    public let port: Int

    /// Creates the endpoint `host:port`.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `host:port`, with brackets around an IPv6 address.
    public var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
