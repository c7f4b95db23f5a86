/// A way to carry calls between services: a network, or the rehearsal of one.
///
/// It moves calls: a method, metadata, a deadline, message bytes each way, a status with trailing metadata. What one
/// implementation promises the other must too; `Tests/TransportConformance` is that promise in code.
public protocol Transport: Sendable {
    /// Serves `router` at `endpoint` until it is drained or stopped.
    ///
    /// - Throws: ``ConfigurationError`` when the endpoint cannot be had.
    func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer

    /// A channel to the replicas that `endpoint` names. Connections are made when calls need them.
    ///
    /// Of `config` a transport obeys what needs its addresses: balancing, outliers and health.
    func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel
}

extension Transport {
    /// A channel whose calls go round all replicas that `endpoint` names.
    public func channel(to endpoint: Endpoint) -> any Channel {
        self.channel(to: endpoint, .roundRobin)
    }
}

/// A server that answers calls.
public protocol RunningServer: Sendable {
    /// Where it really listens: a port 0 has become the one that was had.
    var endpoint: Endpoint { get }

    /// Refuses new calls and waits until those in flight are done. Safe to call again.
    func drain() async

    /// Ends at once: calls in flight are cancelled, their callers see UNAVAILABLE. Safe to call again.
    func stop() async
}

/// A host and a port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name or a literal address.
    public let host: String
    /// 0 lets the system choose, for a server.
    public let port: Int

    /// The endpoint `host:port`.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `host:port`, with brackets around an IPv6 address.
    public var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
