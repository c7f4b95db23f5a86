/// How the messages of a call may be encoded (gRPC over HTTP/2, "Message-Encoding").
public enum MessageEncoding: String, Hashable, Sendable, CaseIterable {
    /// As they are.
    case identity
    /// By gzip (RFC 1952).
    case gzip
}
