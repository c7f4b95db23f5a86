import NIOCore

/// Compresses what one connection sends, where that pays.
struct MessageCompressor {
    /// Methods that are learnt about; those of a peer that makes up more share one lesson.
    static let methodsMax = 256

    private let rules: Compression
    private(set) var gains: [String: CompressionGain] = [:]

    /// Nil where nothing is compressed: without rules, and to this machine itself.
    init?(_ rules: Compression?, peer: SocketAddress?) {
        guard let rules, rules.onLoopback || peer?.isLoopback == false else { return nil }
        self.rules = rules
    }

    /// `message` compressed, or nil: it goes as it is.
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
    /// Whether the other end is this machine: 127.0.0.0/8, its IPv6 forms, `::1`, or a socket file.
    var isLoopback: Bool {
        switch self {
        case .unixDomainSocket: return true
        case .v4, .v6:
            guard let text = self.ipAddress else { return false }
            return text.hasPrefix("127.") || text == "::1" || text.hasPrefix("::ffff:127.")
        }
    }
}
