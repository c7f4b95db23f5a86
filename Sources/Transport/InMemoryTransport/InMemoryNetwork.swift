public import TransportCore

/// A network inside one process: perfect by default, faulty with a ``LinkModel``.
///
/// Endpoints are names. A server registers `host:port`, and channels look it up for each call, so
/// that servers may come and go. Messages cross as bytes, under the rules and limits of a real
/// network. Nothing here reads a clock but the given ``Timeline``s or uses randomness: the same
/// calls in the same order give the same result.
///
/// As a ``Transport`` it is a host with perfect links: its calls are never lost, late or reordered,
/// and reach the servers of hosts too.
public final class InMemoryNetwork: Transport {
    private let timeline: Timeline
    private let registry = EndpointRegistry()
    private let fabric: Fabric
    /// The origin of the network's own calls.
    private let own: InMemoryHost

    /// Creates a network; `limits` bind both ends.
    ///
    /// - Parameters:
    ///   - timeline: The time for its own deadlines and for delays of links.
    ///   - limits: The bounds on received messages and metadata.
    ///   - links: Decides on everything sent between hosts; nil delivers everything at once.
    ///   - names: Resolves names to hosts; nil resolves each name to the host of that name.
    public init(
        timeline: Timeline,
        limits: TransportLimits = TransportLimits(),
        links: (any LinkModel)? = nil,
        names: (any NameService)? = nil
    ) {
        self.timeline = timeline
        self.fabric = Fabric(
            timeline: timeline,
            limits: limits,
            links: links ?? PerfectLinks(),
            names: names ?? LiteralNames(),
            registry: self.registry
        )
        self.own = InMemoryHost(
            "memory",
            timeline: timeline,
            fabric: Fabric(
                timeline: timeline,
                limits: limits,
                links: PerfectLinks(),
                names: LiteralNames(),
                registry: self.registry
            )
        )
        if links != nil { self.fabric.scheduler.start() }
    }

    /// Creates a process called `name`, with its deadlines on `timeline`.
    ///
    /// A process created after another of the same name has crashed is its restart. Two that exist
    /// at once share the name, like two processes of one machine.
    public func host(_ name: String, timeline: Timeline) -> InMemoryHost {
        InMemoryHost(name, timeline: timeline, fabric: self.fabric)
    }

    /// Drops messages in transit and waits for all tasks of the network.
    ///
    /// Close the hosts first: a call that is still open may wait for ever.
    public func close() async { await self.fabric.scheduler.close() }

    /// Serves `router` at `endpoint` until drained or stopped; port 0 becomes a free one.
    ///
    /// - Throws: ``ConfigurationError`` when the endpoint is taken.
    public func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        try self.registry.register(endpoint) { free in
            InMemoryServer(router, at: free, in: self.registry, timeline: self.timeline)
        }
    }

    /// A channel to the server registered at `endpoint` when a call is made; it ignores `config`.
    public func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        self.own.channel(to: endpoint, ServiceConfig())
    }
}
