/// What nghttp2's callbacks saw during one call into it: they only append here, and the owner of
/// the session acts on it after nghttp2 has left the stack.
///
/// Names, values and data lie in one buffer that is reused, so that reading a request allocates
/// nothing.
final class SessionInbox {
    /// Where one header field lies in ``bytes``.
    struct FieldSpan {
        let nameStart: Int
        let nameEnd: Int
        let valueEnd: Int
    }

    enum Event {
        /// A whole header block: fields at `fields`, or too many of them.
        case headers(stream: Int32, fields: Range<Int>, oversized: Bool, endStream: Bool)
        case data(stream: Int32, bytes: Range<Int>)
        /// The peer sends nothing more on this stream.
        case remoteEnded(stream: Int32)
        case streamClosed(stream: Int32, code: UInt32)
        /// A request of ours that can never be sent on this connection.
        case requestNotSent(stream: Int32)
        /// A header block of ours that nghttp2 refused to send on a stream that the peer opened.
        case responseNotSent(stream: Int32)
        case goAway(lastStream: Int32, code: UInt32, debug: String)
        case settings
        case pingAck
        case ping
    }

    private(set) var events: [Event] = []
    private(set) var bytes: [UInt8] = []
    private(set) var fields: [FieldSpan] = []

    /// Bodies that nghttp2 holds a pointer to; kept until it says that their stream has closed.
    var bodies: [Int32: OutboundBody] = [:]

    /// Streams whose body was read to its end, so that trailers may follow.
    var drained: [Int32] = []

    /// Streams whose writer may go on.
    var roomy: [Int32] = []

    /// Streams on which our last frame has been sent.
    var localEnded: [Int32] = []

    /// What crossed since the owner last looked.
    private(set) var counts = FrameCounts()

    /// Whether the DATA frame under way has brought no byte yet.
    private var isDataFrameEmpty = false

    /// Whether a header block has begun and not ended.
    private(set) var isInHeaderBlock = false

    /// The most bytes that a header block may decode to, as RFC 9113 § 6.5.2 counts them.
    let headerBytesMax: Int
    private var blockStart = 0
    private var blockBytes = 0

    /// How many times over the limit a block may run before its stream is reset instead of
    /// answered: nghttp2 checks every byte of every field, and an index of one byte can name a
    /// field of four thousand.
    private static let blockBytesFactorMax = 4

    init(headerBytesMax: Int) { self.headerBytesMax = headerBytesMax }

    func append(_ event: Event) { self.events.append(event) }

    func beginHeaders() {
        self.isInHeaderBlock = true
        self.blockStart = self.fields.count
        self.blockBytes = 0
    }

    /// Keeps a field while its block is within the limit, and counts it in any case.
    ///
    /// - Returns: false when the block is so large that its stream must go.
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

    /// The block under way was malformed: nghttp2 resets its stream and never says that it has
    /// ended.
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

    /// A DATA frame began that does not end its stream: idle until it brings a byte.
    ///
    /// Padding is none.
    func dataFrameBegan() {
        self.counts.idle += 1
        self.isDataFrameEmpty = true
    }

    /// HEADERS were sent, or DATA with `bytes`.
    func sentUsefulFrame(bytes: Int) {
        self.counts.useful += 1
        self.counts.bytesSent += bytes
    }

    /// RST_STREAM was sent; NO_ERROR is our own choice: an answer given before the upload ended.
    func sentReset(code: UInt32) {
        switch HTTP2ErrorCode(rawValue: code) {
        case .noError: break
        case .refusedStream, .cancel: self.counts.idle += 1
        default: self.counts.faults += 1
        }
    }

    /// The owner has looked.
    func resetAccounts() {
        self.counts = FrameCounts()
        self.isDataFrameEmpty = false
    }

    // MARK: For the driver

    /// Hands over the events so far.
    ///
    /// What they point at stays until ``clear()``.
    func takeEvents(into spare: inout [Event]) {
        spare.removeAll(keepingCapacity: true)
        swap(&self.events, &spare)
    }

    /// Forgets the bytes of events that were acted on, unless a header block is under way.
    func clear() {
        guard !self.isInHeaderBlock, self.events.isEmpty else { return }
        self.bytes.removeAll(keepingCapacity: self.bytes.capacity <= 256 * 1024)
        self.fields.removeAll(keepingCapacity: true)
    }
}
