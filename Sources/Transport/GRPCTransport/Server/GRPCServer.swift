import Listening
import NIOCore
import NIOPosix
import TransportCore

/// A listening socket and its connections.
final class GRPCServer: RunningServer {
    /// The longest time that sent bytes may stay unacknowledged by a client's kernel (gRFC A18).
    ///
    /// Longer than gRPC's 20 s, because a closed window counts too: a proxy closes it while its own
    /// client pauses.
    private static let silenceMax = Duration.seconds(120)

    let endpoint: Endpoint
    private let listener: any NIOCore.Channel
    private let connections: ConnectionSet

    static func start(
        _ environment: ServerConnection.Environment,
        at endpoint: Endpoint,
        group: MultiThreadedEventLoopGroup
    ) async throws(ConfigurationError) -> GRPCServer {
        let connections = ConnectionSet()
        let roster = ConnectionRoster()
        do {
            let listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1_024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let gate = AcceptGate(
                            connectionsMax: environment.connectionsMax,
                            roster: roster,
                            watch: environment.listenerWatch
                        )
                        try channel.pipeline.syncOperations.addHandler(gate)
                    }
                }
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.socketOption(.so_keepalive), value: 1)
                .unacknowledged(for: Self.silenceMax)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let slot = roster.add(channel, at: .now())
                        try connections.adopt(
                            ServerConnection(environment, channel: channel, slot: slot),
                            channel,
                            environment.tls
                        )
                    }
                }
                .bind(host: endpoint.host, port: endpoint.port)
                .get()
            return GRPCServer(listener, connections, endpoint)
        } catch {
            throw ConfigurationError("cannot listen on \(endpoint): \(error)")
        }
    }

    private init(_ listener: any NIOCore.Channel, _ connections: ConnectionSet, _ asked: Endpoint) {
        self.listener = listener
        self.connections = connections
        self.endpoint = Endpoint(host: asked.host, port: listener.localAddress?.port ?? asked.port)
    }

    /// True while connections are accepted.
    var isListening: Bool { self.listener.isActive }

    /// The open connections, in the order in which they came.
    var openConnections: [ServerConnection] { self.connections.all }

    func drain() async {
        let open = await self.closeListener()
        for connection in open { connection.startDrain() }
        for connection in open { try? await connection.finished.get() }
    }

    func stop() async {
        let open = await self.closeListener()
        for connection in open { connection.stop() }
        for connection in open { try? await connection.finished.get() }
    }

    /// Stops accepting and returns the open connections.
    ///
    /// Closing a second time is harmless.
    private func closeListener() async -> [ServerConnection] {
        try? await self.listener.close().get()
        return self.connections.close()
    }
}

extension ConnectionSet {
    /// Adds `connection` to its channel's pipeline and keeps it until it has finished.
    fileprivate func adopt(
        _ connection: ServerConnection,
        _ channel: any NIOCore.Channel,
        _ tls: MutualTLS?
    ) throws {
        do {
            guard self.add(connection) else { throw ChannelError.ioOnClosedChannel }
            let pipeline = channel.pipeline.syncOperations
            if let tls { try pipeline.addHandlers(tls.serverHandlers()) }
            try pipeline.addHandler(connection)
        } catch {
            connection.abandon()
            throw error
        }
    }
}
