import Listening
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TransportCore

/// Listens on a port and forwards every TCP connection to an address of the target.
struct Relay: Service {
    /// The length of the listen queue.
    private static let backlog: Int32 = 256
    private static let connectTimeout = TimeAmount.seconds(5)

    /// Descriptors of the process reserved for other uses.
    private static let reserve = 48

    /// The most connections of each of `relays`; each needs two descriptors.
    static func connectionsMax(relays: Int) -> Int {
        let room = DescriptorLimit.raise() - DescriptorLimit.open - Self.reserve
        return max(1, room / (2 * max(1, relays)))
    }

    let route: RelayRoute
    let connectionsMax: Int
    let host: String
    let group: MultiThreadedEventLoopGroup
    let logger: Logger

    /// Forwards connections until a graceful shutdown; open ones end with the process.
    ///
    /// - Throws: ``ConfigurationError`` if it cannot listen on the port.
    func run() async throws {
        let listener = try await self.listen()
        let port = listener.localAddress?.port ?? self.route.port
        self.logger.info("relay hands \(port) on to \(self.route.target)")
        try? await gracefulShutdown()
        try? await listener.close().get()
    }

    private func listen() async throws -> any NIOCore.Channel {
        let target = self.route.target
        do {
            return try await ServerBootstrap(group: self.group)
                .serverChannelOption(.backlog, value: Self.backlog)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelInitializer(self.keepGate)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { Self.join($0, to: target) }
                .bind(host: self.host, port: self.route.port)
                .get()
        } catch {
            let endpoint = Endpoint(host: self.host, port: self.route.port)
            throw ConfigurationError("cannot listen on \(endpoint): \(error)")
        }
    }

    /// Installs the connection limit; further clients wait in the listen queue.
    @Sendable
    private func keepGate(of listener: any NIOCore.Channel) -> EventLoopFuture<Void> {
        listener.eventLoop.makeCompletedFuture {
            let gate = AcceptGate(
                connectionsMax: self.connectionsMax,
                roster: ConnectionRoster(),
                watch: ListenerWatch()
            )
            try listener.pipeline.syncOperations.addHandler(gate)
        }
    }

    /// Connects to the target and starts to read once both ends are ready.
    private static func join(
        _ caller: any NIOCore.Channel,
        to target: Endpoint
    ) -> EventLoopFuture<Void> {
        ClientBootstrap(group: caller.eventLoop)
            .connectTimeout(self.connectTimeout)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: target.host, port: target.port)
            .flatMapThrowing { callee in
                let (one, other) = RelayHandler.pair()
                try caller.pipeline.syncOperations.addHandler(one)
                try callee.pipeline.syncOperations.addHandler(other)
            }
    }
}
