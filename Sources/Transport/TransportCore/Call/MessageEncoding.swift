/// An encoding of a call's messages (gRPC over HTTP/2, "Message-Encoding").
public enum MessageEncoding: String, Hashable, Sendable, CaseIterable {
    /// Uncompressed.
    case identity
    /// Compressed with gzip (RFC 1952).
    case gzip
}
