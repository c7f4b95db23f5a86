/// How the messages of a call may be encoded (gRPC over HTTP/2, "Message-Encoding").
enum MessageEncoding {
    case identity
    case gzip

    /// What this side reads, for `grpc-accept-encoding`.
    static let accepted = "identity,gzip"

    /// The encoding that `value` names; nil when it is not known here.
    init?(_ value: ArraySlice<UInt8>) {
        if value.equals("identity") {
            self = .identity
        } else if value.equals("gzip") {
            self = .gzip
        } else {
            return nil
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether `grpc-accept-encoding` says that gzip is read.
    var acceptsGzip: Bool {
        self.split(separator: UInt8(ascii: ",")).contains { $0.trimmed.equals("gzip") }
    }
}
