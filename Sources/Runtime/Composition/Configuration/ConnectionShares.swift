package import TransportCore

/// The connection limits of a process's listeners, within its limit of file descriptors.
///
/// A process without free descriptors can open no file and call no service. libdispatch, which
/// reads `/proc` for the state of its threads, would end it.
package struct ConnectionShares: Hashable, Sendable {
    /// Connections on the gateway's port.
    package let gateway: Int

    /// Connections on each service's gRPC port.
    package let service: Int

    /// Connections on each port for health or metrics.
    package let probe: Int

    /// The most on the gateway's port: the gateway serves that many at full speed; further ones
    /// would only wait (decision 0066).
    package static let gatewayMax = 1_024
    package static let serviceMax = 10_000
    package static let probeMax = 64

    /// The least connections with which a listener is useful.
    private static let mainMin = 8
    private static let probeMin = 4

    /// Descriptors reserved for files, name lookups, a database, keys, traces and the system.
    private static let reserve = 48

    /// Connections that a listener may accept beyond its limit: NIO accepts four at a time.
    private static let surplus = 4

    /// Outgoing connections of one service on each event loop: three channels with four replicas
    /// each.
    private static let callsPerLoop = 12

    /// The facts that determine the shares.
    package struct Needs: Hashable, Sendable {
        /// The process's limit of descriptors.
        package var limit: Int

        /// The descriptors open before anything listens.
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

    /// Divides the descriptors that remain.
    ///
    /// - Throws: If too few remain for a useful listener.
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
        // With both, most callers of the services are in this process; the gateway's users get
        // half.
        let forGateway = services > 0 ? forMains / 2 : forMains
        let leavingMin = forMains - services * Self.mainMin
        self.gateway = hasGateway ? min(forGateway, leavingMin, Self.gatewayMax) : 0
        self.service = min((forMains - self.gateway) / max(services, 1), Self.serviceMax)
    }
}
