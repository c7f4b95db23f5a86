package import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Bounds the connections of a listener, and backs off when the system refuses to accept.
///
/// The first handler of a server's channel. ``AcceptState`` decides, this class acts. After a
/// failed `accept` NIO retries at once and for ever, even if this handler holds its reads back;
/// only switching off automatic reads stops it.
package final class AcceptGate: ChannelDuplexHandler {
    package typealias InboundIn = any Channel
    package typealias InboundOut = any Channel
    package typealias OutboundIn = Never
    package typealias OutboundOut = Never

    /// The time after which a full listener tries again to close a connection.
    private static let lookInterval = TimeAmount.milliseconds(100)

    private struct NobodyWent {}

    private var state: AcceptState
    private let roster: ConnectionRoster
    private let watch: ListenerWatch
    private let unprovenMax: Int
    private var looking: Scheduled<Void>?
    private var resting: Scheduled<Void>?

    package init(connectionsMax: Int, roster: ConnectionRoster, watch: ListenerWatch) {
        self.state = AcceptState(connectionsMax: connectionsMax)
        self.unprovenMax = max(1, connectionsMax / 2)
        self.roster = roster
        self.watch = watch
        watch.began(connectionsMax: self.state.connectionsMax)
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.looking?.cancel()
        self.resting?.cancel()
    }

    package func read(context: ChannelHandlerContext) {
        self.act(self.state.readWanted(), context)
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let child = Self.unwrapInboundIn(data)
        self.watch.opened()
        child.closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in
            self.watch.closed()
            self.act(self.state.closed(), context)
        }
        self.act(self.state.opened(), context)
        context.fireChannelRead(data)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else { return context.fireErrorCaught(error) }
        switch error.errnoCode {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            self.watch.acceptFailed()
            self.act(self.state.acceptFailed(error.description), context)
        case ECONNABORTED: break  // The peer has left before it was accepted.
        default: context.fireErrorCaught(error)
        }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is NobodyWent else { return context.fireUserInboundEventTriggered(event) }
        self.act(self.state.nobodyWent(), context)
    }

    private func act(_ actions: AcceptState.Actions, _ context: ChannelHandlerContext) {
        if let notice = actions.notice { self.watch.tell(notice) }
        if actions.reads { context.read() }
        if let time = actions.rest { self.rest(time, context) }
        if actions.looksAgain { self.lookAgain(context) }
        if actions.evicts { self.evict(context) }
    }

    private func evict(_ context: ChannelHandlerContext) {
        let channel = context.channel
        let isAsked = self.roster.evict(at: .now(), unprovenMax: self.unprovenMax) {
            channel.pipeline.fireUserInboundEventTriggered(NobodyWent())
        }
        guard isAsked else { return self.act(self.state.nobodyWent(), context) }
        self.watch.evictionBegan()
        self.state.evictionBegan()
    }

    private func lookAgain(_ context: ChannelHandlerContext) {
        guard self.looking == nil, context.channel.isActive else { return }
        let loop = context.eventLoop.assumeIsolated()
        self.looking = loop.scheduleTask(in: Self.lookInterval) {
            self.looking = nil
            self.act(self.state.lookedAgain(), context)
        }
    }

    private func rest(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        self.setAutoRead(false, context)
        self.resting = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            self.resting = nil
            self.act(self.state.restEnded(), context)
            self.setAutoRead(true, context)
        }
    }

    /// Sets `autoRead`; fails only on a closed channel, where it does not matter.
    private func setAutoRead(_ isOn: Bool, _ context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }
}
