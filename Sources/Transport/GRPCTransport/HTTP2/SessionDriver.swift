import NIOCore

/// What acts on the events of a session: a server's or a client's connection.
protocol SessionDelegate: AnyObject {
    func receive(_ event: SessionInbox.Event, from driver: SessionDriver)

    /// A body has room again for the writer that waits.
    func bodyHasRoom(_ stream: Int32)

    /// Our last frame on `stream` goes out with this write; what is said now leaves with it.
    func localSideEnded(_ stream: Int32)
}

/// Moves bytes between one session and one socket, on the socket's event loop.
///
/// Everything that one read brings is parsed at once, acted on, and answered with one write and one
/// flush. Nothing is taken out of nghttp2 while the socket cannot take it.
final class SessionDriver {
    /// Bytes in one write before the socket is asked whether it takes more.
    private static let writeBytesMax = 64 * 1024

    private var session: NGHTTP2Session
    private let channel: any NIOCore.Channel
    private unowned let delegate: any SessionDelegate
    private var spare: [SessionInbox.Event] = []
    private var isReading = false
    private var isFlushScheduled = false
    private var isDelivering = false

    /// Whether the connection ended itself: what the peer said after that is not looked at.
    private var isTerminated = false
    private var isClosed = false

    /// Whether the last word is given time to arrive.
    ///
    /// A socket closed over unread bytes is reset, and the reset overtakes the GOAWAY. A server's
    /// only: a client's callers are waiting.
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

    /// Parses what the socket read and acts on it; answers wait for ``readComplete()``.
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

    /// Sends what the reads so far have caused.
    func readComplete() {
        self.isReading = false
        self.flush()
    }

    /// Sends soon, together with whatever else is said until then.
    func flushSoon() {
        guard !self.isReading, !self.isFlushScheduled, !self.isClosed else { return }
        self.isFlushScheduled = true
        self.channel.eventLoop.assumeIsolatedUnsafeUnchecked().execute {
            self.isFlushScheduled = false
            self.flush()
        }
    }

    /// Sends what nghttp2 has, as far as the socket takes it.
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

    /// Closes the socket; what was not sent is lost.
    func close() {
        self.isClosed = true
        self.linger?.cancel()
        self.channel.close(promise: nil)
    }

    /// Says a last word about why, then closes.
    func terminate(_ code: HTTP2ErrorCode, debug: String) {
        self.isTerminated = true
        self.submit { session throws(NGHTTP2Error) in try session.submitGoAway(code, debug: debug) }
        self.flush()
        self.hangUp()
    }

    /// Says something to the session, to be sent soon.
    ///
    /// A failure of nghttp2 ends the connection.
    func submit(_ body: (borrowing NGHTTP2Session) throws(NGHTTP2Error) -> Void) {
        guard !self.isClosed else { return }
        do throws(NGHTTP2Error) {
            try body(self.session)
            self.flushSoon()
        } catch {
            self.close()
        }
    }

    /// Opens a stream; nil when the connection cannot take one any more.
    func submitRequest(_ headers: HeaderList, _ body: OutboundBody) -> Int32? {
        guard !self.isClosed, let stream = try? self.session.submitRequest(headers, body) else {
            return nil
        }
        self.flushSoon()
        return stream
    }

    /// The most streams that the peer lets us have open at once.
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

    /// Closes when the peer has, or when it has had its time.
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
        // `withUnsafeReadableBytes` rethrows untyped: carry the error out by hand.
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

    /// Acts on the events, and on those that acting brings.
    ///
    /// Acting may flush, which comes back here: the bytes of the events still to come must outlive
    /// that.
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
    /// The frame behind the last of a stream, which tells a caller to stop sending, belongs into
    /// the same write: a proxy may give the connection to another caller as soon as it has the
    /// answer, and would take a later reset for that caller's.
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

    /// Trailers of the bodies that were read to their end; true when there were any.
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

    /// Tells the delegate which streams have had their last frame; true when there were any.
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
