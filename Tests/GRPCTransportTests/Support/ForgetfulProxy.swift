import NIOCore
import NIOPosix
import Synchronization

/// A proxy that can silently forget its connections, like a NAT that has lost its table.
final class ForgetfulProxy: Sendable {
    private let state: State
    private let listener: any NIOCore.Channel

    var port: Int { self.listener.localAddress?.port ?? 0 }

    /// The number of connections made so far.
    var connectionCount: Int { self.state.next.withLock(\.self) }

    private final class State: Sendable {
        /// The number of the next connection, and of the first that is not forgotten.
        let next = Mutex(0)
        let known = Mutex(0)
    }

    private init(_ state: State, _ listener: any NIOCore.Channel) {
        self.state = state
        self.listener = listener
    }

    static func start(to port: Int) async throws -> ForgetfulProxy {
        let state = State()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { inbound in
                let number = state.next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                let isKnown: @Sendable () -> Bool = { state.known.withLock { $0 <= number } }
                return ClientBootstrap(group: inbound.eventLoop)
                    .channelInitializer { Forwarder.add(to: $0, target: inbound, isKnown) }
                    .connect(host: "127.0.0.1", port: port)
                    .flatMap { Forwarder.add(to: inbound, target: $0, isKnown) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ForgetfulProxy(state, listener)
    }

    /// Blocks the current connections; not even closing passes.
    func forget() {
        let next = self.state.next.withLock(\.self)
        self.state.known.withLock { $0 = next }
    }

    func close() async throws { try await self.listener.close() }
}

private final class Forwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let target: any NIOCore.Channel
    private let isKnown: @Sendable () -> Bool

    init(_ target: any NIOCore.Channel, _ isKnown: @escaping @Sendable () -> Bool) {
        self.target = target
        self.isKnown = isKnown
    }

    static func add(
        to channel: any NIOCore.Channel,
        target: any NIOCore.Channel,
        _ isKnown: @escaping @Sendable () -> Bool
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Forwarder(target, isKnown))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.isKnown() else { return }
        self.target.writeAndFlush(self.unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if self.isKnown() { self.target.close(promise: nil) }
    }
}
