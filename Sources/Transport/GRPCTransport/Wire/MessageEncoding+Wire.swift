import TransportCore

extension MessageEncoding {
    /// What this side reads, for `grpc-accept-encoding`.
    static let accepted = Self.allCases.map(\.rawValue).joined(separator: ",")

    /// The encoding that `value` names; nil when it is not known here.
    init?(_ value: ArraySlice<UInt8>) {
        self.init(rawValue: String(decoding: value.prefix(16), as: UTF8.self))
    }
}

extension ArraySlice<UInt8> {
    /// Whether `grpc-accept-encoding` says that gzip is read.
    var acceptsGzip: Bool {
        self.split(separator: UInt8(ascii: ",")).contains { $0.trimmed.equals("gzip") }
    }
}
