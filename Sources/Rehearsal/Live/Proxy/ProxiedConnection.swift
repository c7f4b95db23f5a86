import NIOCore
import NIOPosix

/// A connection through a proxy: the caller's half, the other half, and a pump each way.
final class ProxiedConnection: @unchecked Sendable {  // state is touched on one event loop only
    let link: ProxiedLink
    private let loop: any EventLoop
    private let caller: any Channel
    private let callee: any Channel
    private let there: Pump
    private let back: Pump

    /// Joins two halves, which share an event loop; must be called there.
    init(_ link: ProxiedLink, caller: any Channel, callee: any Channel) {
        self.link = link
        self.loop = caller.eventLoop
        self.caller = caller
        self.callee = callee
        self.there = Pump(link.forward, from: caller, to: callee)
        self.back = Pump(link.backward, from: callee, to: caller)
    }

    /// Begins to read; `onEnd` is called when both halves are closed.
    func open(onEnd: @escaping @Sendable () -> Void) {
        let halves = [(self.caller, self.there, self.back), (self.callee, self.back, self.there)]
        for (channel, pump, other) in halves {
            // It fails only when the channel is closed, and then there is nothing to carry.
            try? channel.pipeline.syncOperations.addHandler(Intake(pump: pump, other: other))
            _ = try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
        let ends = [self.caller.closeFuture, self.callee.closeFuture]
        EventLoopFuture.andAllComplete(ends, on: self.loop).whenComplete { _ in onEnd() }
    }

    /// The state of the link changed: what was held may go on.
    func refresh() {
        self.loop.execute {
            self.there.run()
            self.back.run()
        }
    }

    /// Ends it with a reset both ways.
    func reset() {
        self.loop.execute {
            self.there.stop()
            self.back.stop()
            self.caller.reset()
            self.callee.reset()
        }
    }
}

/// Hands what one half receives to its pump.
private final class Intake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let pump: Pump
    /// The pump whose sink this half is.
    private let other: Pump

    init(pump: Pump, other: Pump) {
        self.pump = pump
        self.other = other
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.pump.take(self.unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) { self.pump.take(nil) }

    func channelWritabilityChanged(context: ChannelHandlerContext) { self.other.run() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

extension Channel {
    /// Closes it so that the peer sees a reset instead of an end.
    func reset() {
        guard let options = self as? any SocketOptionProvider else {
            return self.close(promise: nil)
        }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            .whenComplete { _ in self.close(promise: nil) }
    }
}
