import TransportCore

/// Cuts a stream's DATA bytes into messages (gRPC over HTTP/2, "Length-Prefixed-Message").
///
/// Where frames begin and end means nothing.
struct MessageDeframer {
    private var prefix: (bytes: UInt64, count: Int) = (0, 0)
    private var message: [UInt8] = []
    private var missing: Int?
    private let messageBytesMax: Int

    /// Who sends the messages, for errors.
    private let sender: String

    init(messageBytesMax: Int, sender: String) {
        self.messageBytesMax = messageBytesMax
        self.sender = sender
    }

    /// Whether the bytes so far end in the middle of a message.
    var isInsideMessage: Bool { self.prefix.count > 0 || self.missing != nil }

    /// Takes the next message out of `bytes`, or all of them when they hold no whole one.
    ///
    /// - Throws: RESOURCE_EXHAUSTED for a message over the limit, before anything is allocated for
    ///   it; INTERNAL for a
    ///   compressed one, since no encoding was agreed on.
    mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(RPCError) -> [UInt8]? {
        if self.missing == nil, try !self.readPrefix(&bytes) { return nil }
        guard let missing = self.missing else { return nil }
        let part = bytes.prefix(missing)
        bytes = bytes.dropFirst(part.count)
        if part.count == missing, self.message.isEmpty { return self.finish(Array(part)) }
        if self.message.isEmpty { self.message.reserveCapacity(min(missing, 64 * 1024)) }
        self.message.append(contentsOf: part)
        self.missing = missing - part.count
        return part.count == missing ? self.finish(self.message) : nil
    }

    private mutating func finish(_ message: [UInt8]) -> [UInt8] {
        self.message = []
        self.missing = nil
        return message
    }

    private mutating func readPrefix(_ bytes: inout ArraySlice<UInt8>) throws(RPCError) -> Bool {
        while self.prefix.count < 5 {
            guard let byte = bytes.popFirst() else { return false }
            self.prefix = (self.prefix.bytes << 8 | UInt64(byte), self.prefix.count + 1)
        }
        let flag = self.prefix.bytes >> 32
        let length = Int(self.prefix.bytes & 0xFFFF_FFFF)
        self.prefix = (0, 0)
        guard flag == 0 else {
            throw RPCError(
                .internalError,
                "the \(self.sender) sent a compressed message without an agreed encoding"
            )
        }
        guard length <= self.messageBytesMax else {
            throw RPCError(
                .resourceExhausted,
                "a message of \(length) bytes from the \(self.sender) is over the limit"
                    + " of \(self.messageBytesMax)"
            )
        }
        self.missing = length
        return true
    }
}
