import TransportCore

extension MessageEncoding {
    /// The value of `grpc-accept-encoding`: the encodings that this side can read.
    static let accepted = Self.allCases.map(\.rawValue).joined(separator: ",")

    /// Parses the name of an encoding; nil for an unknown one.
    init?(_ value: ArraySlice<UInt8>) {
        self.init(rawValue: String(decoding: value.prefix(16), as: UTF8.self))
    }
}

extension ArraySlice<UInt8> {
    /// True when this `grpc-accept-encoding` includes gzip.
    var acceptsGzip: Bool {
        self.split(separator: UInt8(ascii: ",")).contains { $0.trimmed.equals("gzip") }
    }
}
