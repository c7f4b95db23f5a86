import NIOCore

/// An end of a forwarded connection; writes everything it reads to the other end.
///
/// Reads on only after the other end has written, so neither buffers more than one read. Both ends
/// must be on the same event loop.
final class RelayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var context: ChannelHandlerContext?
    private var other: RelayHandler?

    /// Two connected ends.
    static func pair() -> (RelayHandler, RelayHandler) {
        let (one, other) = (RelayHandler(), RelayHandler())
        one.other = other
        other.other = one
        return (one, other)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.other = nil
    }

    /// Starts reading on both ends: the accepted connection becomes active last.
    func channelActive(context: ChannelHandlerContext) {
        context.read()
        self.other?.context?.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let writer = self.other?.context else { return context.close(promise: nil) }
        writer.writeAndFlush(self.wrapOutboundOut(self.unwrapInboundIn(data)))
            .assumeIsolated()
            .whenComplete { [weak self] result in
                if case .success = result { self?.context?.read() } else { self?.close() }
            }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else { return }
        self.other?.context?.close(mode: .output, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { self.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { self.close() }

    private func close() {
        let ends = [self.context, self.other?.context]
        for end in ends { end?.close(promise: nil) }
    }
}
