import TransportCore

/// Splits a stream's DATA bytes into messages (gRPC over HTTP/2, "Length-Prefixed-Message").
///
/// Messages and DATA frames need not coincide.
struct MessageDeframer {
    private var prefix: (bytes: UInt64, count: Int) = (0, 0)
    private var message: [UInt8] = []
    private var missing: Int?
    private var isCompressed = false
    private let messageBytesMax: Int

    /// The encoding of messages with the compressed flag.
    var encoding = MessageEncoding.identity

    /// The sender's role, for errors.
    private let sender: String

    /// The error for a second message; nil allows any number.
    private let surplus: RPCError?
    private var hasBegun = false

    init(messageBytesMax: Int, sender: String, surplus: RPCError? = nil) {
        self.messageBytesMax = messageBytesMax
        self.sender = sender
        self.surplus = surplus
    }

    /// True when the bytes so far end inside a message.
    var isInsideMessage: Bool { self.prefix.count > 0 || self.missing != nil }

    /// Takes the next message from `bytes`; nil when they end before it does.
    ///
    /// - Throws: RESOURCE_EXHAUSTED for a message over the limit: by its length before it is
    ///   allocated, or while it is decompressed. INTERNAL for a compressed message that cannot be
    ///   read. `surplus` for one too many, before it is read.
    mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(RPCError) -> [UInt8]? {
        if self.missing == nil, try !self.readPrefix(&bytes) { return nil }
        guard let missing = self.missing else { return nil }
        let part = bytes.prefix(missing)
        bytes = bytes.dropFirst(part.count)
        if part.count == missing, self.message.isEmpty { return try self.finish(Array(part)) }
        if self.message.isEmpty { self.message.reserveCapacity(min(missing, 64 * 1024)) }
        self.message.append(contentsOf: part)
        self.missing = missing - part.count
        return part.count == missing ? try self.finish(self.message) : nil
    }

    private mutating func finish(_ message: [UInt8]) throws(RPCError) -> [UInt8] {
        self.message = []
        self.missing = nil
        return self.isCompressed ? try self.decompressed(message) : message
    }

    private func decompressed(_ message: [UInt8]) throws(RPCError) -> [UInt8] {
        do throws(Gzip.Failure) {
            return try Gzip.decompress(message, bytesMax: self.messageBytesMax)
        } catch {
            switch error {
            case .malformed:
                throw RPCError(.internalError, "a message from the \(self.sender) is no gzip")
            case .tooLarge: throw self.tooLarge("more than \(self.messageBytesMax)")
            }
        }
    }

    private func tooLarge(_ count: String) -> RPCError {
        RPCError(
            .resourceExhausted,
            "a message of \(count) bytes from the \(self.sender) is over the limit"
                + " of \(self.messageBytesMax)"
        )
    }

    private mutating func readPrefix(_ bytes: inout ArraySlice<UInt8>) throws(RPCError) -> Bool {
        while self.prefix.count < 5 {
            guard let byte = bytes.popFirst() else { return false }
            self.prefix = (self.prefix.bytes << 8 | UInt64(byte), self.prefix.count + 1)
        }
        if self.hasBegun, let surplus = self.surplus { throw surplus }
        self.hasBegun = true
        let flag = self.prefix.bytes >> 32
        let length = Int(self.prefix.bytes & 0xFFFF_FFFF)
        self.prefix = (0, 0)
        self.isCompressed = flag == 1
        guard flag == 0 || (flag == 1 && self.encoding == .gzip) else {
            throw RPCError(
                .internalError,
                "the \(self.sender) sent a compressed message without an agreed encoding"
            )
        }
        guard length <= self.messageBytesMax else { throw self.tooLarge("\(length)") }
        self.missing = length
        return true
    }
}
