/// Which messages are compressed with gzip before they are sent.
///
/// A caller asks for it call by call (`OutgoingCall.mayCompress`); a server answers compressed
/// to whoever accepts that. What comes in is read compressed in any case.
public struct Compression: Hashable, Sendable {
    /// Shorter messages go as they are, in bytes.
    public var minimumBytes = 1_024

    /// Longer ones do, too: compressing them would hold up the other calls of their event loop.
    public var maximumBytes = 1_024 * 1_024

    /// Whether also between two processes of one machine, where a byte costs less to send than to
    /// compress.
    public var onLoopback = false

    /// From 1 KiB to 1 MiB, and never on loopback.
    public init() {}
}
