/// A raw HTTP/2 frame (RFC 9113 § 4.1), legal or not.
struct Frame: Sendable {
    enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let priority: UInt8 = 2
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let pushPromise: UInt8 = 5
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
    }

    enum Flag {
        static let endStream: UInt8 = 0x1
        static let ack: UInt8 = 0x1
        static let endHeaders: UInt8 = 0x4
        static let padded: UInt8 = 0x8
    }

    var kind: UInt8
    var flags: UInt8 = 0
    var stream: Int32 = 0
    var payload: [UInt8] = []

    /// The decoded fields of a received header block.
    var fields: [(name: String, value: String)] = []

    var endsStream: Bool {
        (self.kind == Kind.data || self.kind == Kind.headers) && self.flags & Flag.endStream != 0
    }

    /// The last stream, the code and the debug text of a GOAWAY; the code of a RST_STREAM.
    var lastStream: Int { Self.number(self.payload.prefix(4)) }
    var goAwayCode: Int { Self.number(self.payload.dropFirst(4).prefix(4)) }
    var debug: String { String(decoding: self.payload.dropFirst(8), as: UTF8.self) }
    var resetCode: Int { Self.number(self.payload.prefix(4)) }

    var bytes: [UInt8] {
        bigEndian(self.payload.count, 3) + [self.kind, self.flags]
            + bigEndian(Int(self.stream), 4) + self.payload
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}

func bigEndian(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

extension Frame {
    static let settingsAck = Frame(kind: Kind.settings, flags: Flag.ack)

    static func settings(_ entries: [(id: Int, value: Int)] = []) -> Frame {
        let payload = entries.flatMap { bigEndian($0.id, 2) + bigEndian($0.value, 4) }
        return Frame(kind: Kind.settings, payload: payload)
    }

    static func headers(
        _ stream: Int32,
        _ fields: [(String, String)],
        endStream: Bool = false,
        endHeaders: Bool = true
    ) -> Frame {
        let flags = (endStream ? Flag.endStream : 0) | (endHeaders ? Flag.endHeaders : 0)
        return Frame(
            kind: Kind.headers,
            flags: flags,
            stream: stream,
            payload: headerBlock(fields)
        )
    }

    static func continuation(_ stream: Int32, _ payload: [UInt8], end: Bool) -> Frame {
        let flags = end ? Flag.endHeaders : 0
        return Frame(kind: Kind.continuation, flags: flags, stream: stream, payload: payload)
    }

    static func data(_ stream: Int32, _ payload: [UInt8], endStream: Bool = false) -> Frame {
        let flags = endStream ? Flag.endStream : 0
        return Frame(kind: Kind.data, flags: flags, stream: stream, payload: payload)
    }

    /// A DATA frame with `message` and its length prefix.
    static func message(_ stream: Int32, _ message: [UInt8], endStream: Bool = false) -> Frame {
        .data(stream, prefixed(message), endStream: endStream)
    }

    static func padded(_ stream: Int32, _ payload: [UInt8], padding: Int, endStream: Bool) -> Frame
    {
        let zeros = [UInt8](repeating: 0, count: padding)
        let flags = Flag.padded | (endStream ? Flag.endStream : 0)
        let bytes = [UInt8(padding)] + payload + zeros
        return Frame(kind: Kind.data, flags: flags, stream: stream, payload: bytes)
    }

    static func ping(_ number: UInt8 = 0) -> Frame {
        Frame(kind: Kind.ping, payload: [UInt8](repeating: number, count: 8))
    }

    static func pingAck(_ ping: Frame) -> Frame {
        Frame(kind: Kind.ping, flags: Flag.ack, payload: ping.payload)
    }

    static func reset(_ stream: Int32, _ code: Int) -> Frame {
        Frame(kind: Kind.reset, stream: stream, payload: bigEndian(code, 4))
    }

    static func goAway(last: Int, _ code: Int = 0) -> Frame {
        Frame(kind: Kind.goAway, payload: bigEndian(last, 4) + bigEndian(code, 4))
    }

    static func windowUpdate(_ stream: Int32, _ increment: Int) -> Frame {
        Frame(kind: Kind.windowUpdate, stream: stream, payload: bigEndian(increment, 4))
    }

    static func priority(_ stream: Int32) -> Frame {
        Frame(kind: Kind.priority, stream: stream, payload: [0, 0, 0, 0, 15])
    }
}

/// A message with its compressed flag and length prefix.
func prefixed(_ message: [UInt8], flag: UInt8 = 0) -> [UInt8] {
    [flag] + bigEndian(message.count, 4) + message
}

/// Fields as HPACK literals without indexing or Huffman codes (RFC 7541 § 6.2.2).
func headerBlock(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { name, value in [0] + literal(name) + literal(value) }
}

private func literal(_ text: String) -> [UInt8] { integer(text.utf8.count) + text.utf8 }

/// A length with a prefix of seven bits (RFC 7541 § 5.1).
private func integer(_ value: Int) -> [UInt8] {
    guard value >= 127 else { return [UInt8(value)] }
    var bytes: [UInt8] = [127]
    var rest = value - 127
    while rest >= 128 {
        bytes.append(UInt8(rest % 128) | 128)
        rest /= 128
    }
    return bytes + [UInt8(rest)]
}
