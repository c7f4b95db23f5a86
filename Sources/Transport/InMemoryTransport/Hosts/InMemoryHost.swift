public import TransportCore

/// The network as seen by one process, from its start to its end.
///
/// It serves under its own name, which its calls carry as their origin. Its clock may differ from
/// those of other hosts, so callers send timeouts, not deadlines.
public final class InMemoryHost: Transport {
    /// The most calls in flight per host and direction; further ones fail with UNAVAILABLE.
    public static let callsMax = 16_384

    /// The name of this host, for callers.
    public let name: String

    let timeline: Timeline
    let fabric: Fabric

    /// The calls that this host has made.
    let outgoing = CallRegistry<any Attempt>(callsMax: InMemoryHost.callsMax)

    /// The calls that have come to servers of this host.
    let incoming = CallRegistry<any ServedCall>(callsMax: InMemoryHost.callsMax)

    /// Signals health reports from watched hosts, and the end of this host.
    let changes = ChangeSignal()

    init(_ name: String, timeline: Timeline, fabric: Fabric) {
        self.name = name
        self.timeline = timeline
        self.fabric = fabric
    }

    /// The number of calls in flight at servers of this host.
    ///
    /// Health watches do not count: they last.
    public var callsInFlight: Int {
        self.incoming.count { $0.incoming.method != HealthWatching.method }
    }

    /// True after ``crash()`` or ``close()``.
    public var isGone: Bool { self.outgoing.isClosed }

    /// Serves `router` at the port of `endpoint`, always under this host's name.
    ///
    /// - Throws: ``ConfigurationError`` when the port is taken or this host has ended.
    public func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        let wanted = Endpoint(host: self.name, port: endpoint.port)
        let server = try self.fabric.registry.register(wanted) { free in
            InMemoryServer(
                router,
                at: free,
                in: self.fabric.registry,
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

    /// A channel to the hosts of `endpoint`'s name, which is looked up for each call.
    ///
    /// Balances calls over the hosts as `config` says. A call that finds no server goes on to the
    /// next host, to each once.
    public func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        HostChannel(endpoint: endpoint, config, host: self)
    }

    /// Resets the connections from here to `other`, once.
    ///
    /// Each call in flight there ends with UNAVAILABLE and its handler is cancelled; the next call
    /// connects again.
    ///
    /// - Returns: the number of calls ended.
    @discardableResult
    public func resetConnections(to other: String) -> Int {
        let calls = self.outgoing.all.filter { $0.route.callee.host == other }
        for call in calls {
            call.breakOff(Interruption.connectionReset.error, on: call.route.outward(.request))
        }
        return calls.count
    }

    /// Ends the process at once, like a kill.
    ///
    /// Its servers disappear. Callers that wait for it see UNAVAILABLE, and handlers that work for
    /// it are cancelled, once the news has crossed. Its own handlers are cancelled and not awaited;
    /// nothing that they still send arrives.
    public func crash() {
        for root in self.end(.serverCrashed) {
            _ = self.fabric.scheduler.run { await root.value }
        }
    }

    /// Ends the process like ``crash()``, and waits until its handlers have ended.
    public func close() async { for root in self.end(.serverStopped) { await root.value } }

    /// Ends all calls and servers for `reason`.
    ///
    /// - Returns: the root tasks of its servers.
    private func end(_ reason: Interruption) -> [Task<Void, Never>] {
        let made = self.outgoing.close()
        let taken = self.incoming.close()
        let servers = self.fabric.registry.removeAll(of: self)
        for call in taken { call.end(reason) }
        for call in made { call.giveUp(.callerCrashed) }
        self.changes.tell()
        return servers.map { $0.kill() }
    }
}

extension InMemoryHost {
    /// Registers the attempt that `make` returns.
    ///
    /// - Throws: UNAVAILABLE when this host has too many calls in flight; CANCELLED when it has
    ///   ended.
    func begin<Made: Attempt>(_ make: (UInt64) -> Made) throws(AttemptFailure) -> Made {
        var made: Made?
        let admission = self.outgoing.admit { ticket in
            let attempt = make(ticket)
            made = attempt
            return attempt
        }
        switch admission {
        case .admitted, .full:
            if let made { return made }
            let message = "\(self.name) has \(Self.callsMax) calls in flight"
            throw AttemptFailure(error: RPCError(.unavailable, message).neverProcessed)
        case .closed:
            throw AttemptFailure(error: Interruption.callerCrashed.error.neverProcessed)
        }
    }
}
