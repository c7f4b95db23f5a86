/// The rules for compressing sent messages with gzip.
///
/// A caller asks for compression per call (`OutgoingCall.mayCompress`). A server compresses
/// responses for callers that accept it. Compressed messages are always accepted.
public struct Compression: Hashable, Sendable {
    /// The least size of a compressed message, in bytes.
    public var minimumBytes = 1_024

    /// The largest size of a compressed message, in bytes; larger ones would hold up the other
    /// calls of their event loop.
    public var maximumBytes = 1_024 * 1_024

    /// True to compress between processes of one machine too, where sending a byte costs less than
    /// compressing it.
    public var onLoopback = false

    /// Creates rules for messages of 1 KiB to 1 MiB, without loopback.
    public init() {}
}
