public import TransportCore

/// The network as one process sees it, from the start of that process to its end.
///
/// What it serves is at its own name; what it sends says where it comes from. The time of its
/// deadlines is its own, and may differ from that of others: a caller sends how long it waits.
public final class InMemoryHost: Transport {
    /// Calls that one host may have in flight each way; further ones are refused with UNAVAILABLE.
    public static let callsMax = 16_384

    /// The name by which others reach it.
    public let name: String

    let timeline: Timeline
    let fabric: Fabric

    /// Calls that this host has made.
    let outgoing = CallRegistry<any Attempt>(callsMax: InMemoryHost.callsMax)

    /// Calls that have come to servers of this host.
    let incoming = CallRegistry<any ServedCall>(callsMax: InMemoryHost.callsMax)

    /// What the hosts that this one watches say.
    let news = HostNews()

    init(_ name: String, timeline: Timeline, fabric: Fabric) {
        self.name = name
        self.timeline = timeline
        self.fabric = fabric
    }

    /// Calls that have come to servers of this host and are not over.
    ///
    /// Watches of its health do not count: they last.
    public var callsInFlight: Int {
        self.incoming.count { $0.incoming.method != HealthWatching.method }
    }

    /// Whether the process is gone, by ``crash()`` or ``close()``.
    public var isGone: Bool { self.outgoing.isClosed }

    /// Serves `router` at the port of `endpoint`, on this host whatever `endpoint` says.
    ///
    /// - Throws: ``ConfigurationError`` when the port is taken, or this process is gone.
    public func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        let wanted = Endpoint(host: self.name, port: endpoint.port)
        let server = try self.fabric.directory.register(wanted) { free in
            InMemoryServer(
                router,
                at: free,
                in: self.fabric.directory,
                timeline: self.timeline,
                host: self
            )
        }
        guard !self.isGone else {
            _ = server.kill()
            throw ConfigurationError("\(self.name) has ended and serves nothing")
        }
        return server
    }

    /// A channel to the hosts that the name of `endpoint` stands for when a call is made.
    ///
    /// Calls go to them in turn. Where no server is the call goes on to the next, once each.
    public func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        HostChannel(endpoint: endpoint, config, host: self)
    }

    /// Cuts the connections from here to `other`, once.
    ///
    /// Every call in flight there ends with UNAVAILABLE, and its handler is cancelled; the next one
    /// connects again.
    ///
    /// - Returns: how many calls that ended.
    @discardableResult
    public func resetConnections(to other: String) -> Int {
        let calls = self.outgoing.all.filter { $0.route.callee.host == other }
        for call in calls {
            call.breakOff(Interruption.connectionReset.error, on: call.route.outward(.request))
        }
        return calls.count
    }

    /// Ends the process at once, as a kill does.
    ///
    /// Its servers are gone. Whoever waits for an answer from it sees UNAVAILABLE when the news has
    /// crossed; whoever works for it sees a cancellation, when that has. Its handlers are
    /// cancelled and not waited for, and nothing of what they still send arrives.
    public func crash() {
        for root in self.end(.serverCrashed) {
            _ = self.fabric.courier.run { await root.value }
        }
    }

    /// Ends the process as ``crash()`` does, and returns when all of its handlers have ended.
    public func close() async { for root in self.end(.serverStopped) { await root.value } }

    /// - Returns: the tasks of its servers.
    private func end(_ reason: Interruption) -> [Task<Void, Never>] {
        let made = self.outgoing.close()
        let taken = self.incoming.close()
        let servers = self.fabric.directory.removeAll(of: self)
        for call in taken { call.end(reason) }
        for call in made { call.giveUp(.callerCrashed) }
        self.news.tell()
        return servers.map { $0.kill() }
    }
}
