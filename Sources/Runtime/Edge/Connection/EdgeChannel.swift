internal import HTTPTypes
internal import HummingbirdCore
internal import Listening
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// Hummingbird's HTTP/1.1 pipeline with a ``ConnectionGuard`` in place of its idle timer.
struct EdgeChannel: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: HTTPChannelHandler.Responder
    let limits: EdgeLimits
    let roster: ConnectionRoster
    let refuse: ConnectionGuard.Refusal

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ArrivalMarker())
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false,  // The guard holds exchanges apart.
                withErrorHandling: false,  // The guard answers errors.
                withOutboundHeaderValidation: false,  // The header types do.
                withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: self.decoderLimits
            )
            let slot = self.roster.add(channel, at: .now())
            try pipeline.addHandler(ConnectionGuard(self.limits, slot, refuse: self.refuse))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
        }
    }

    func handle(value: Value, logger: Logger) async {
        await self.handleHTTP(asyncChannel: value, logger: logger)
    }

    private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = self.limits.headBytesMax
        decoderLimits.maxHeaderListSize = self.limits.headBytesMax
        decoderLimits.maxHeaderFieldCount = self.limits.headFieldsMax
        return decoderLimits
    }
}
