/// The bytes to send on one stream before its trailers.
///
/// nghttp2 reads from it as the peer's window allows (``NGHTTP2Session``); writers append.
final class OutboundBody {
    /// The number of unsent bytes above which a writer waits.
    static let highWater = 64 * 1024

    enum Ending {
        /// More bytes may follow.
        case open
        /// After the bytes, the stream ends with these trailers.
        case trailers(HeaderList)
        /// After the bytes, the stream ends without trailers.
        case endStream
    }

    private var bytes: [UInt8] = []
    private var offset = 0
    private(set) var ending = Ending.open

    /// True when nghttp2 found no bytes and must be told of new ones.
    var isDeferred = false

    /// True when a writer waits for room.
    var hasWaitingWriter = false

    /// True when nghttp2 has read bytes.
    private(set) var wasRead = false

    /// True when no more bytes will be appended.
    var isEnded: Bool { if case .open = self.ending { false } else { true } }

    /// The number of bytes not yet read by nghttp2.
    var count: Int { self.bytes.count - self.offset }

    /// Appends a message with its length prefix (gRPC over HTTP/2, "Length-Prefixed-Message").
    ///
    /// Sends `compressed` instead, when given.
    func append(message: [UInt8], compressed: [UInt8]? = nil) {
        let sent = compressed ?? message
        let count = UInt32(truncatingIfNeeded: sent.count)
        if self.bytes.isEmpty { self.bytes.reserveCapacity(sent.count + 5) }
        self.bytes.append(compressed == nil ? 0 : 1)
        self.bytes.append(UInt8(truncatingIfNeeded: count >> 24))
        self.bytes.append(UInt8(truncatingIfNeeded: count >> 16))
        self.bytes.append(UInt8(truncatingIfNeeded: count >> 8))
        self.bytes.append(UInt8(truncatingIfNeeded: count))
        self.bytes.append(contentsOf: sent)
    }

    /// Ends the body; only the first call counts.
    func end(_ ending: Ending) {
        guard case .open = self.ending else { return }
        self.ending = ending
    }

    /// Discards unsent bytes, so that the ending comes next.
    func discard() {
        self.bytes = []
        self.offset = 0
    }

    /// Moves as many bytes as fit into `target`; returns their number.
    func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(self.count, target.count)
        guard count > 0 else { return 0 }
        self.wasRead = true
        unsafe self.bytes.withUnsafeBytes { source in
            let part = unsafe source[self.offset..<self.offset + count]
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
        }
        self.offset += count
        if self.offset == self.bytes.count {
            self.bytes.removeAll(keepingCapacity: self.bytes.count <= Self.highWater)
            self.offset = 0
        } else if self.offset >= Self.highWater {
            self.bytes.removeFirst(self.offset)
            self.offset = 0
        }
        return count
    }
}
