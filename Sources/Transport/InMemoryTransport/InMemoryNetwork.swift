public import TransportCore

/// A network inside one process: perfect as it is, hostile when it is given ``LinkModel``s.
///
/// Endpoints are names: a server registers `host:port`, a channel looks that name up at every call,
/// so that a server may come, go and come back. Messages cross as bytes, by the same rules and
/// limits as on a real network. Nothing here reads a clock but the given ``Timeline``s, or draws
/// from any randomness: what happens is a function of what is called, in which order.
///
/// As a ``Transport`` itself it stands outside of every host: its own calls are never lost, late or
/// out of order, and reach the servers of hosts too.
public final class InMemoryNetwork: Transport {
    private let timeline: Timeline
    private let limits: TransportLimits
    private let directory = Directory()
    private let fabric: Fabric

    /// A network of its own; `limits` bind both ends.
    ///
    /// - Parameters:
    ///   - timeline: where its own deadlines live, and how long a crossing takes.
    ///   - limits: how much a receiver takes.
    ///   - links: decides on whatever crosses between hosts; nil lets everything arrive at once.
    ///   - names: says which hosts a name stands for; nil makes a name its own only host.
    public init(
        timeline: Timeline,
        limits: TransportLimits = TransportLimits(),
        links: (any LinkModel)? = nil,
        names: (any NameService)? = nil
    ) {
        self.timeline = timeline
        self.limits = limits
        self.fabric = Fabric(
            timeline: timeline,
            limits: limits,
            links: links ?? PerfectLinks(),
            names: names ?? LiteralNames(),
            directory: self.directory
        )
        if links != nil { self.fabric.courier.start() }
    }

    /// A process called `name`, whose deadlines live on `timeline`.
    ///
    /// One that is made after another of the same name has crashed is its restart; two that live at
    /// once share the name, as two processes of one machine do.
    public func host(_ name: String, timeline: Timeline) -> InMemoryHost {
        InMemoryHost(name, timeline: timeline, fabric: self.fabric)
    }

    /// Drops what is in the air and returns when no task of the network is left.
    ///
    /// Close the hosts before: a call that is open when its network closes may wait for ever.
    public func close() async { await self.fabric.courier.close() }

    /// Serves `router` at `endpoint` until it is drained or stopped; port 0 becomes a free one.
    ///
    /// - Throws: ``ConfigurationError`` when the endpoint is taken.
    public func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        try self.directory.register(endpoint) { free in
            InMemoryServer(router, at: free, in: self.directory, timeline: self.timeline)
        }
    }

    /// A channel to whichever server is at `endpoint` when a call is made.
    public func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        InMemoryChannel(
            endpoint: endpoint,
            directory: self.directory,
            timeline: self.timeline,
            limits: self.limits
        )
    }
}
