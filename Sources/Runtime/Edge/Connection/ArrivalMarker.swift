internal import NIOCore

/// Tells the ``ConnectionGuard`` behind the decoder that bytes came, complete head or not: without
/// it nobody could tell a silent peer from one that sends its header a byte at a time.
final class ArrivalMarker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    struct BytesArrived {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireUserInboundEventTriggered(BytesArrived())
        context.fireChannelRead(data)
    }
}
