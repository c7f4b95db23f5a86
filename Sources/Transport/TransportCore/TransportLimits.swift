/// How much a transport takes from a peer before it refuses.
public struct TransportLimits: Hashable, Sendable {
    /// The largest message that is received, in bytes; a larger one ends the call with RESOURCE_EXHAUSTED.
    public var messageBytesMax = 4 * 1024 * 1024

    /// The most metadata that a call may bring, in bytes as RFC 9113 § 6.5.2 counts them.
    public var metadataBytesMax = Metadata.sizeMax

    /// gRPC's usual limits: messages of 4 MiB, 16 KiB of metadata.
    public init() {}
}
