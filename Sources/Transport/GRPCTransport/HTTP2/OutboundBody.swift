/// The bytes that wait to be sent on one stream, in front of its trailers.
///
/// nghttp2 reads from it as the peer's window allows (``NGHTTP2Session``); everything else appends.
final class OutboundBody {
    /// A writer waits while more than this many bytes stand here.
    static let highWater = 64 * 1024

    enum Ending {
        /// More may come.
        case open
        /// When the bytes are gone, the stream ends with these.
        case trailers(HeaderList)
        /// When the bytes are gone, the stream ends.
        case endStream
    }

    private var bytes: [UInt8] = []
    private var offset = 0
    private(set) var ending = Ending.open

    /// Whether nghttp2 asked while there was nothing, and must be told when there is something.
    var isDeferred = false

    /// Whether a writer waits for room.
    var hasWaitingWriter = false

    /// Whether bytes have been handed to nghttp2.
    private(set) var wasRead = false

    /// Whether nothing more will be appended.
    var isEnded: Bool { if case .open = self.ending { false } else { true } }

    /// Bytes not yet handed to nghttp2.
    var count: Int { self.bytes.count - self.offset }

    /// Appends `message` behind its length-prefix (gRPC over HTTP/2, "Length-Prefixed-Message").
    ///
    /// In its place goes what it is `compressed`, if it was.
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

    /// Nothing more will be appended.
    func end(_ ending: Ending) {
        guard case .open = self.ending else { return }
        self.ending = ending
    }

    /// Throws away what was not sent, so that the end comes next.
    func discard() {
        self.bytes = []
        self.offset = 0
    }

    /// Moves as many bytes as fit into `target`.
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
