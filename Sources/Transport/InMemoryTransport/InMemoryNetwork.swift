public import TransportCore

/// A perfect network inside one process: nothing is lost, late or out of order.
///
/// Endpoints are names: a server registers `host:port`, a channel looks that name up at every call,
/// so that a server may come, go and come back. Messages cross as bytes, by the same rules and
/// limits as on a real network. Nothing here reads a clock but the given ``Timeline``, or draws
/// from any randomness: what happens is a function of what is called, in which order.
public final class InMemoryNetwork: Transport {
    private let timeline: Timeline
    private let limits: TransportLimits
    private let directory = Directory()

    /// A network of its own, whose deadlines live on `timeline`; `limits` bind both ends.
    public init(timeline: Timeline, limits: TransportLimits = TransportLimits()) {
        self.timeline = timeline
        self.limits = limits
    }

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
    public func channel(to endpoint: Endpoint) -> any Channel {
        InMemoryChannel(
            endpoint: endpoint,
            directory: self.directory,
            timeline: self.timeline,
            limits: self.limits
        )
    }
}
