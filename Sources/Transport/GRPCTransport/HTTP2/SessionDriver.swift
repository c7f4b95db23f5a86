import NIOCore

/// Acts on the events of a session: a server's or a client's connection.
protocol SessionDelegate: AnyObject {
    func receive(_ event: SessionInbox.Event, from driver: SessionDriver)

    /// The body of `stream` has room for its waiting writer.
    func bodyHasRoom(_ stream: Int32)

    /// Our last frame on `stream` leaves with this write; frames submitted now leave in the same
    /// one.
    func localSideEnded(_ stream: Int32)
}

/// Moves bytes between one session and one socket, on the socket's event loop.
///
/// The bytes of one read are parsed, acted on, and answered with one write and one flush. No frame
/// is taken out of nghttp2 while the socket is not writable.
final class SessionDriver {
    /// The size at which a write goes out and writability is checked, in bytes.
    private static let writeBytesMax = 64 * 1024

    private var session: NGHTTP2Session
    private let channel: any NIOCore.Channel
    private unowned let delegate: any SessionDelegate
    private var spare: [SessionInbox.Event] = []
    private var isReading = false
    private var isFlushScheduled = false
    private var isDelivering = false

    /// True after ``terminate(_:debug:)``; later events of the peer are ignored.
    private var isTerminated = false
    private var isClosed = false

    /// True when the socket stays open for a while after the last write, so that it arrives.
    ///
    /// Closing a socket with unread bytes resets it, and the reset overtakes the GOAWAY. Only
    /// servers linger: a client's callers are waiting.
    private let lingers: Bool
    private var linger: Scheduled<Void>?
    private static let lingerTime = TimeAmount.seconds(1)

    let inbox: SessionInbox

    init(
        _ role: NGHTTP2Session.Role,
        _ settings: NGHTTP2Session.Settings,
        channel: any NIOCore.Channel,
        delegate: any SessionDelegate
    ) throws(NGHTTP2Error) {
        self.session = try NGHTTP2Session.open(as: role, settings)
        self.inbox = self.session.inbox
        self.channel = channel
        self.delegate = delegate
        self.lingers = role == .server
    }

    // MARK: Bytes

    /// Parses bytes from the socket and acts on them; responses wait for ``readComplete()``.
    func read(_ buffer: ByteBuffer) {
        guard !self.isClosed else { return }
        self.isReading = true
        do throws(NGHTTP2Error) {
            try self.parse(buffer)
            self.deliver()
        } catch {
            self.deliver()
            self.close()
        }
    }

    /// Sends the responses to the reads so far.
    func readComplete() {
        self.isReading = false
        self.flush()
    }

    /// Sends in the loop's next turn, together with frames submitted until then.
    func flushSoon() {
        guard !self.isReading, !self.isFlushScheduled, !self.isClosed else { return }
        self.isFlushScheduled = true
        self.channel.eventLoop.assumeIsolatedUnsafeUnchecked().execute {
            self.isFlushScheduled = false
            self.flush()
        }
    }

    /// Sends nghttp2's frames as far as the socket takes them.
    func flush() {
        guard !self.isClosed else { return }
        do throws(NGHTTP2Error) {
            try self.writeFrames()
        } catch {
            return self.close()
        }
        self.deliver()
        if self.session.isFinished { self.hangUp() }
    }

    /// Closes the socket; unsent frames are lost.
    func close() {
        self.isClosed = true
        self.linger?.cancel()
        self.channel.close(promise: nil)
    }

    /// Sends a GOAWAY with the reason, then closes.
    func terminate(_ code: HTTP2ErrorCode, debug: String) {
        self.isTerminated = true
        self.submit { session throws(NGHTTP2Error) in try session.submitGoAway(code, debug: debug) }
        self.flush()
        self.hangUp()
    }

    /// Submits frames to the session, to be sent soon.
    ///
    /// A failure of nghttp2 closes the connection.
    func submit(_ body: (borrowing NGHTTP2Session) throws(NGHTTP2Error) -> Void) {
        guard !self.isClosed else { return }
        do throws(NGHTTP2Error) {
            try body(self.session)
            self.flushSoon()
        } catch {
            self.close()
        }
    }

    /// Opens a stream; nil when the connection can take no more.
    func submitRequest(_ headers: HeaderList, _ body: OutboundBody) -> Int32? {
        guard !self.isClosed, let stream = try? self.session.submitRequest(headers, body) else {
            return nil
        }
        self.flushSoon()
        return stream
    }

    /// The most streams that the peer allows at once.
    var peerStreamsMax: Int { self.session.peerStreamsMax }

    /// Tells nghttp2 that a body has grown or ended.
    func bodyChanged(_ stream: Int32, _ body: OutboundBody) {
        if body.isDeferred {
            body.isDeferred = false
            self.session.resumeData(stream)
        }
        self.flushSoon()
    }

    // MARK: Private

    /// Closes at once, or for a server when the peer has closed or the linger time is over.
    private func hangUp() {
        guard self.lingers else { return self.close() }
        guard !self.isClosed else { return }
        self.isClosed = true
        let channel = self.channel
        channel.close(mode: .output, promise: nil)
        self.linger = channel.eventLoop.scheduleTask(in: Self.lingerTime) {
            channel.close(promise: nil)
        }
    }

    private func parse(_ buffer: ByteBuffer) throws(NGHTTP2Error) {
        // `withUnsafeReadableBytes` rethrows untyped, so the error is carried out by hand.
        var failure: NGHTTP2Error?
        unsafe buffer.withUnsafeReadableBytes { bytes in
            do throws(NGHTTP2Error) {
                try unsafe self.session.receive(bytes)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Acts on the events, and on those that acting adds.
    ///
    /// Acting may flush, which calls this function again; the bytes of pending events must stay
    /// until then.
    private func deliver() {
        guard !self.isDelivering else { return }
        self.isDelivering = true
        while !self.inbox.events.isEmpty {
            var events: [SessionInbox.Event] = []
            swap(&events, &self.spare)
            self.inbox.takeEvents(into: &events)
            for event in events where !self.isTerminated {
                self.delegate.receive(event, from: self)
            }
            swap(&events, &self.spare)
        }
        self.inbox.clear()
        self.isDelivering = false
    }

    private func writeFrames() throws(NGHTTP2Error) {
        while self.channel.isWritable {
            var buffer = self.channel.allocator.buffer(capacity: 4096)
            let isEmpty = try self.fill(&buffer)
            if buffer.readableBytes > 0 { self.channel.writeAndFlush(buffer, promise: nil) }
            self.tellOfRoom()
            if isEmpty { return }
        }
    }

    /// Takes frames out of nghttp2 until the buffer is full; true when there are no more.
    ///
    /// A RST_STREAM after a stream's last frame must go into the same write. A proxy may give the
    /// connection to another caller as soon as it has the response, and would take a later reset
    /// for that caller's.
    private func fill(_ buffer: inout ByteBuffer) throws(NGHTTP2Error) -> Bool {
        var isEnding = false
        while buffer.readableBytes < Self.writeBytesMax || isEnding {
            let hasSent = try self.session.send(into: &buffer)
            let hasMore = try self.submitDueTrailers()
            isEnding = self.tellOfEnds()
            if !hasSent, !hasMore { return true }
        }
        return false
    }

    /// Submits the trailers of bodies read to their end; true when there were any.
    private func submitDueTrailers() throws(NGHTTP2Error) -> Bool {
        guard !self.inbox.drained.isEmpty else { return false }
        defer { self.inbox.drained.removeAll(keepingCapacity: true) }
        for stream in self.inbox.drained {
            guard case .trailers(let trailers)? = self.inbox.bodies[stream]?.ending else {
                continue
            }
            try self.session.submitTrailers(stream, trailers)
        }
        return true
    }

    /// Tells the delegate of streams whose last frame was sent; true when there were any.
    private func tellOfEnds() -> Bool {
        guard !self.inbox.localEnded.isEmpty else { return false }
        for stream in self.inbox.localEnded { self.delegate.localSideEnded(stream) }
        self.inbox.localEnded.removeAll(keepingCapacity: true)
        return true
    }

    private func tellOfRoom() {
        for stream in self.inbox.roomy { self.delegate.bodyHasRoom(stream) }
        self.inbox.roomy.removeAll(keepingCapacity: true)
    }
}
