package import TransportCore

/// The connections that each listener of a process may hold, so that the process never runs out of
/// file descriptors.
///
/// A process without one cannot go on: it opens no file, calls no service, and libdispatch, which
/// reads `/proc` for the state of its threads, ends it.
package struct ConnectionShares: Hashable, Sendable {
    /// Connections of the gateway's port.
    package let gateway: Int

    /// Connections of each service's gRPC port.
    package let service: Int

    /// Connections of each port that is asked for health or metrics.
    package let probe: Int

    /// A gateway answers so many at once as fast as it can; more only wait longer (decision 0066).
    package static let gatewayMax = 1_024
    package static let serviceMax = 10_000
    package static let probeMax = 64

    /// Least shares with which a listener is of use.
    private static let mainMin = 8
    private static let probeMin = 4

    /// Descriptors for files, look-ups of names, a database, keys, traces and the system.
    private static let reserve = 48

    /// Connections that a listener may take beyond its bound: NIO accepts four at a time.
    private static let surplus = 4

    /// Connections to the services that one service calls, on each event loop: three channels with
    /// four replicas each.
    private static let callsPerLoop = 12

    /// Facts of the process that decide about the shares.
    package struct Needs: Hashable, Sendable {
        /// The most descriptors that the process may have.
        package var limit: Int

        /// Descriptors that are open before anything listens.
        package var open: Int
        package var loops: Int
        package var services: [ServiceName]
        package var hasAdmin: Bool

        package init(
            limit: Int,
            open: Int,
            loops: Int,
            services: [ServiceName],
            hasAdmin: Bool
        ) {
            self.limit = limit
            self.open = open
            self.loops = loops
            self.services = services
            self.hasAdmin = hasAdmin
        }
    }

    /// Shares what `needs` leaves.
    ///
    /// - Throws: when it leaves too little to serve with.
    package init(_ needs: Needs) throws(ConfigurationError) {
        let hasGateway = needs.services.contains(.gateway)
        let services = needs.services.count { $0 != .gateway }
        let mains = services + (hasGateway ? 1 : 0)
        let probes = services + (needs.hasAdmin ? 1 : 0)
        let calls = min(needs.loops * needs.services.count * Self.callsPerLoop, needs.limit / 8)
        let taken = needs.open + Self.reserve + calls + (mains + probes) * Self.surplus
        let room = needs.limit - taken
        guard room >= mains * Self.mainMin + probes * Self.probeMin else {
            let least = taken + mains * Self.mainMin + probes * Self.probeMin
            throw ConfigurationError(
                """
                the process may open \(needs.limit) files and needs at least \(least): raise the \
                limit (ulimit -n, LimitNOFILE= in systemd, ulimits: nofile in Compose)
                """
            )
        }
        self.probe = min(max(room / 32, Self.probeMin), Self.probeMax)
        let forMains = room - probes * self.probe
        // Where both are, the services' callers are mostly in this process: half is for users.
        let forGateway = services > 0 ? forMains / 2 : forMains
        let leavingMin = forMains - services * Self.mainMin
        self.gateway = hasGateway ? min(forGateway, leavingMin, Self.gatewayMax) : 0
        self.service = min((forMains - self.gateway) / max(services, 1), Self.serviceMax)
    }
}
