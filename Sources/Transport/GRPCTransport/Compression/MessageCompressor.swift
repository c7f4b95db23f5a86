import NIOCore

/// Compresses the messages that one connection sends, where it pays.
struct MessageCompressor {
    /// The most methods with a record of their own; a peer that invents more shares one record.
    static let methodsMax = 256

    private let rules: Compression
    private(set) var gains: [String: CompressionGain] = [:]

    /// Creates a compressor; nil without rules, and for a peer on this machine unless the rules
    /// allow it.
    init?(_ rules: Compression?, peer: SocketAddress?) {
        guard let rules, rules.onLoopback || peer?.isLoopback == false else { return nil }
        self.rules = rules
    }

    /// Compresses `message`; nil to send it uncompressed.
    mutating func compress(_ message: [UInt8], of method: String) -> [UInt8]? {
        guard message.count >= self.rules.minimumBytes, message.count <= self.rules.maximumBytes
        else { return nil }
        let isKnown = self.gains[method] != nil || self.gains.count < Self.methodsMax
        let key = isKnown ? method : ""
        guard self.gains[key, default: CompressionGain()].shouldTry() else { return nil }
        let compressed = Gzip.compress(message)
        self.gains[key]?.tried(hasShrunk: compressed != nil)
        return compressed
    }
}

extension SocketAddress {
    /// True when the peer is on this machine: 127.0.0.0/8, its IPv6 forms, `::1`, or a Unix socket.
    var isLoopback: Bool {
        switch self {
        case .unixDomainSocket: return true
        case .v4, .v6:
            guard let text = self.ipAddress else { return false }
            return text.hasPrefix("127.") || text == "::1" || text.hasPrefix("::ffff:127.")
        }
    }
}
