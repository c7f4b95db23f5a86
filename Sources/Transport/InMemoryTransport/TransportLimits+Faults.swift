import TransportCore

extension TransportLimits {
    /// What forbids `message` to be received, or nil.
    func fault(message: [UInt8]) -> RPCError? {
        guard message.count > self.messageBytesMax else { return nil }
        return RPCError(
            .resourceExhausted,
            "a message of \(message.count) bytes is over the limit of \(self.messageBytesMax)"
        )
    }

    /// What forbids `metadata`, valid as it is, to be received, or nil.
    func fault(metadata: Metadata) -> RPCError? {
        metadata.firstFault(limit: self.metadataBytesMax)
    }

    /// What forbids `reply` to be received, or nil.
    func fault(in reply: UnaryReply) -> RPCError? {
        self.fault(message: reply.message) ?? self.fault(metadata: reply.headers)
            ?? self.fault(metadata: reply.trailers)
    }
}
