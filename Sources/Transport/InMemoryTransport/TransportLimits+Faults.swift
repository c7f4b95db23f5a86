import TransportCore

extension TransportLimits {
    /// The error when `message` may not be received, or nil.
    func fault(message: [UInt8]) -> RPCError? {
        guard message.count > self.messageBytesMax else { return nil }
        return RPCError(
            .resourceExhausted,
            "a message of \(message.count) bytes is over the limit of \(self.messageBytesMax)"
        )
    }

    /// The error when `metadata` is invalid or too large to be received, or nil.
    func fault(metadata: Metadata) -> RPCError? {
        metadata.firstFault(limit: self.metadataBytesMax)
    }

    /// The error when `reply` may not be received, or nil.
    func fault(in reply: UnaryReply) -> RPCError? {
        self.fault(message: reply.message) ?? self.fault(metadata: reply.headers)
            ?? self.fault(metadata: reply.trailers)
    }
}
