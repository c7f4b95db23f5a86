/// The limits on what a transport accepts from a peer.
public struct TransportLimits: Hashable, Sendable {
    /// The largest received message in bytes; a larger one ends the call with RESOURCE_EXHAUSTED.
    public var messageBytesMax = 4 * 1024 * 1024

    /// The most metadata per call, in bytes as RFC 9113 § 6.5.2 counts them.
    public var metadataBytesMax = Metadata.sizeMax

    /// Creates gRPC's usual limits: messages of 4 MiB, metadata of 16 KiB.
    public init() {}
}
