/// The events of one call into nghttp2.
///
/// Callbacks only append here; the session's owner acts after nghttp2 has returned. Names, values
/// and data share one reused buffer, so that reading a request allocates nothing.
final class SessionInbox {
    /// The position of a header field in ``bytes``.
    struct FieldSpan {
        let nameStart: Int
        let nameEnd: Int
        let valueEnd: Int
    }

    enum Event {
        /// A complete header block; `oversized` when it exceeds the limit and lacks fields.
        case headers(stream: Int32, fields: Range<Int>, oversized: Bool, endStream: Bool)
        case data(stream: Int32, bytes: Range<Int>)
        /// The peer sends nothing more on this stream.
        case remoteEnded(stream: Int32)
        case streamClosed(stream: Int32, code: UInt32)
        /// A request of ours that cannot be sent on this connection.
        case requestNotSent(stream: Int32)
        /// A response header block of ours that nghttp2 refused to send.
        case responseNotSent(stream: Int32)
        case goAway(lastStream: Int32, code: UInt32, debug: String)
        case settings
        case pingAck
        case ping
    }

    private(set) var events: [Event] = []
    private(set) var bytes: [UInt8] = []
    private(set) var fields: [FieldSpan] = []

    /// The bodies that nghttp2 points to; each is kept until its stream has closed.
    var bodies: [Int32: OutboundBody] = [:]

    /// Streams whose body was read to its end and may have trailers.
    var drained: [Int32] = []

    /// Streams whose writer may continue.
    var roomy: [Int32] = []

    /// Streams whose last frame was sent.
    var localEnded: [Int32] = []

    /// The frames since the owner last looked.
    private(set) var counts = FrameCounts()

    /// True while the current DATA frame has brought no byte.
    private var isDataFrameEmpty = false

    /// True between the begin and the end of a header block.
    private(set) var isInHeaderBlock = false

    /// The most decoded bytes of a header block, as RFC 9113 § 6.5.2 counts them.
    let headerBytesMax: Int
    private var blockStart = 0
    private var blockBytes = 0

    /// The multiple of `headerBytesMax` at which a stream is reset instead of answered.
    ///
    /// nghttp2 checks every byte of every field, and a one-byte index can name a field of four
    /// thousand.
    private static let blockBytesFactorMax = 4

    init(headerBytesMax: Int) { self.headerBytesMax = headerBytesMax }

    func append(_ event: Event) { self.events.append(event) }

    func beginHeaders() {
        self.isInHeaderBlock = true
        self.blockStart = self.fields.count
        self.blockBytes = 0
    }

    /// Counts a field, and keeps it while its block is within the limit.
    ///
    /// - Returns: false when the block is so large that its stream must be reset.
    func appendField(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) -> Bool {
        self.blockBytes += name.count + value.count + 32
        guard self.blockBytes <= self.headerBytesMax else {
            return self.blockBytes <= self.headerBytesMax * Self.blockBytesFactorMax
        }
        let start = self.bytes.count
        unsafe self.bytes.append(contentsOf: name)
        let middle = self.bytes.count
        unsafe self.bytes.append(contentsOf: value)
        self.fields.append(FieldSpan(nameStart: start, nameEnd: middle, valueEnd: self.bytes.count))
        return true
    }

    /// Ends a malformed header block: nghttp2 resets its stream and does not report its end.
    func dropHeaders() { self.isInHeaderBlock = false }

    func endHeaders(stream: Int32, endStream: Bool) {
        self.isInHeaderBlock = false
        self.append(
            .headers(
                stream: stream,
                fields: self.blockStart..<self.fields.count,
                oversized: self.blockBytes > self.headerBytesMax,
                endStream: endStream
            )
        )
    }

    func appendData(stream: Int32, _ data: UnsafeBufferPointer<UInt8>) {
        if self.isDataFrameEmpty {
            self.isDataFrameEmpty = false
            self.counts.idle -= 1
        }
        let start = self.bytes.count
        unsafe self.bytes.append(contentsOf: data)
        self.append(.data(stream: stream, bytes: start..<self.bytes.count))
    }

    // MARK: Accounts

    func idleFrameBegan() { self.counts.idle += 1 }

    func creditBegan() { self.counts.credits += 1 }

    /// Counts a DATA frame without END_STREAM as idle until it brings a byte.
    ///
    /// Padding does not count as a byte.
    func dataFrameBegan() {
        self.counts.idle += 1
        self.isDataFrameEmpty = true
    }

    /// Counts HEADERS, or DATA with `bytes`, as sent.
    func sentUsefulFrame(bytes: Int) {
        self.counts.useful += 1
        self.counts.bytesSent += bytes
    }

    /// Counts a RST_STREAM sent; NO_ERROR is free: we answered before the upload ended.
    func sentReset(code: UInt32) {
        switch HTTP2ErrorCode(rawValue: code) {
        case .noError: break
        case .refusedStream, .cancel: self.counts.idle += 1
        default: self.counts.faults += 1
        }
    }

    /// Starts counting anew.
    func resetAccounts() {
        self.counts = FrameCounts()
        self.isDataFrameEmpty = false
    }

    // MARK: For the driver

    /// Moves the events so far into `spare`.
    ///
    /// The bytes that they refer to stay until ``clear()``.
    func takeEvents(into spare: inout [Event]) {
        spare.removeAll(keepingCapacity: true)
        swap(&self.events, &spare)
    }

    /// Discards the bytes of handled events, unless a header block is incomplete.
    func clear() {
        guard !self.isInHeaderBlock, self.events.isEmpty else { return }
        self.bytes.removeAll(keepingCapacity: self.bytes.capacity <= 256 * 1024)
        self.fields.removeAll(keepingCapacity: true)
    }
}
