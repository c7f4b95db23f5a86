import NIOCore
import NIOPosix
import Synchronization

import struct TransportCore.Endpoint

/// Stands for one service as one caller sees it.
///
/// It plays the part of a cluster's virtual address: each connection goes to the replicas in turn,
/// past those that do not listen. A client with several connections so meets several replicas, and
/// no name server is needed.
final class FaultProxy: Sendable {
    private static let connectTimeout = TimeAmount.seconds(2)

    let links: [ProxiedLink]
    /// The address at which it listens.
    let endpoint: Endpoint
    private let group: any EventLoopGroup
    private let listener: any Channel
    private let state: Shared

    private final class Shared: Sendable {
        let values = Mutex(State())
    }

    private struct State {
        var connections: [ObjectIdentifier: ProxiedConnection] = [:]
        var turn = 0
    }

    private init(
        _ links: [ProxiedLink],
        at endpoint: Endpoint,
        _ group: any EventLoopGroup,
        _ listener: any Channel,
        _ state: Shared
    ) {
        self.links = links
        self.endpoint = endpoint
        self.group = group
        self.listener = listener
        self.state = state
    }

    /// Listens on a free port of `address` for connections to one of `links`.
    static func start(
        _ links: [ProxiedLink],
        at address: String,
        group: any EventLoopGroup
    ) async throws -> FaultProxy {
        let state = Shared()
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { caller in
                let first = state.values.withLock { state in
                    defer { state.turn += 1 }
                    return state.turn
                }
                let order = links.indices.map { links[(first + $0) % links.count] }
                Self.connect(caller, order[...], state)
                return caller.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: address, port: 0).get()
        let endpoint = Endpoint(host: address, port: listener.localAddress?.port ?? 0)
        return FaultProxy(links, at: endpoint, group, listener, state)
    }

    /// Some link changed: what was held may go on.
    func refresh() { for connection in self.connections { connection.refresh() } }

    /// Resets every connection over a link that `isMeant`, and says how many there were.
    func reset(where isMeant: (ProxiedLink) -> Bool) -> Int {
        let meant = self.connections.filter { isMeant($0.link) }
        for connection in meant { connection.reset() }
        return meant.count
    }

    /// Ends everything.
    func close() async {
        try? await self.listener.close()
        _ = self.reset { _ in true }
    }

    private var connections: [ProxiedConnection] {
        self.state.values.withLock { Array($0.connections.values) }
    }

    private static func connect(
        _ caller: any Channel,
        _ links: ArraySlice<ProxiedLink>,
        _ state: Shared
    ) {
        guard let link = links.first, !link.isRefusing else { return caller.reset() }
        ClientBootstrap(group: caller.eventLoop)
            .channelOption(.autoRead, value: false)
            .connectTimeout(Self.connectTimeout)
            .connect(host: link.endpoint.host, port: link.endpoint.port)
            .whenComplete { result in
                switch result {
                case .failure: Self.connect(caller, links.dropFirst(), state)
                case .success(let callee): Self.join(link, caller, callee, state)
                }
            }
    }

    private static func join(
        _ link: ProxiedLink,
        _ caller: any Channel,
        _ callee: any Channel,
        _ state: Shared
    ) {
        let connection = ProxiedConnection(link, caller: caller, callee: callee)
        let id = ObjectIdentifier(connection)
        state.values.withLock { $0.connections[id] = connection }
        connection.open { state.values.withLock { $0.connections[id] = nil } }
    }
}
