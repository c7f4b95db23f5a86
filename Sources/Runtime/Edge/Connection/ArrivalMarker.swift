internal import NIOCore

/// Tells the ``ConnectionGuard`` about received bytes, before the decoder has a complete head.
///
/// Distinguishes a silent peer from one that sends its header byte by byte.
final class ArrivalMarker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    struct BytesArrived {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireUserInboundEventTriggered(BytesArrived())
        context.fireChannelRead(data)
    }
}
