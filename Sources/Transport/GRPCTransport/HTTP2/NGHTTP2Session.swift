import CNGHTTP2
import NIOCore

/// The owner of an `nghttp2_session`.
///
/// It does no I/O: bytes go in with ``receive(_:)`` and come out with ``send(into:)``. nghttp2 must
/// not be re-entered from its callbacks (programmers' guide, "Remarks"), so these only append to
/// the ``SessionInbox``; the connection acts on it after each call. Not copyable and not
/// `Sendable`: one event loop owns it.
@safe
struct NGHTTP2Session: ~Copyable {
    enum Role {
        case client
        case server
    }

    /// The settings announced to the peer.
    struct Settings {
        var streamsMax: UInt32 = 1_000
        var streamWindow: UInt32 = 256 * 1024
        var connectionWindow: Int32 = 4 * 1024 * 1024
        var headerBytesMax: UInt32 = 20 * 1024
    }

    /// The session, valid from `open` to `deinit`, which frees it.
    private let session: OpaquePointer

    /// The callbacks' inbox.
    ///
    /// nghttp2 holds an unretained pointer to it, which is safe: stored properties are destroyed
    /// after the body of `deinit`.
    let inbox: SessionInbox

    /// Opens a session and queues its SETTINGS.
    ///
    /// A factory, because the `init` of a noncopyable type cannot throw after its stored properties
    /// are set.
    static func open(as role: Role, _ settings: Settings) throws(NGHTTP2Error) -> NGHTTP2Session {
        let inbox = SessionInbox(headerBytesMax: Int(settings.headerBytesMax))
        let pointer = unsafe try makeSession(role, inbox)
        let session = unsafe NGHTTP2Session(owning: pointer, inbox: inbox)
        try session.announce(settings, role)
        return session
    }

    private init(owning session: OpaquePointer, inbox: SessionInbox) {
        unsafe self.session = session
        self.inbox = inbox
    }

    deinit {
        unsafe nghttp2_session_del(self.session)
    }

    // MARK: Bytes

    /// Parses `bytes` into events of ``inbox``.
    func receive(_ bytes: UnsafeRawBufferPointer) throws(NGHTTP2Error) {
        let pointer = unsafe bytes.bindMemory(to: UInt8.self)
        let consumed = unsafe nghttp2_session_mem_recv(
            self.session,
            pointer.baseAddress,
            pointer.count
        )
        // NGHTTP2_ERR_NOMEM, _CALLBACK_FAILURE, _BAD_CLIENT_MAGIC or _FLOODED: all end the
        // connection.
        guard consumed >= 0 else {
            throw NGHTTP2Error(
                code: Int32(clamping: consumed),
                function: "nghttp2_session_mem_recv"
            )
        }
    }

    /// Appends the next frame to `buffer`; false when there is none.
    func send(into buffer: inout ByteBuffer) throws(NGHTTP2Error) -> Bool {
        var chunk: UnsafePointer<UInt8>?
        let count = unsafe nghttp2_session_mem_send(self.session, &chunk)
        // NGHTTP2_ERR_NOMEM: nothing more can be sent.
        guard count >= 0 else {
            throw NGHTTP2Error(code: Int32(clamping: count), function: "nghttp2_session_mem_send")
        }
        guard count > 0 else { return false }
        // The chunk is valid only until the next call, so it is copied here.
        unsafe buffer.writeBytes(UnsafeBufferPointer(start: chunk, count: count))
        return true
    }

    /// True after a GOAWAY without open streams, or after an error.
    var isFinished: Bool {
        unsafe nghttp2_session_want_read(self.session) == 0
            && nghttp2_session_want_write(self.session) == 0
    }

    // MARK: Streams

    /// Opens a stream with `headers` and the bytes of `body`.
    func submitRequest(_ headers: HeaderList, _ body: OutboundBody) throws(NGHTTP2Error) -> Int32 {
        var provider = unsafe dataProvider(body)
        let stream = unsafe headers.withNameValues { fields in
            unsafe nghttp2_submit_request(
                self.session,
                nil,
                fields.baseAddress,
                fields.count,
                &provider,
                nil
            )
        }
        guard stream > 0 else {
            throw NGHTTP2Error(code: stream, function: "nghttp2_submit_request")
        }
        self.inbox.bodies[stream] = body
        return stream
    }

    /// Responds on `stream` with `headers` and `body`; a nil body ends the stream with the headers.
    func submitResponse(
        _ stream: Int32,
        _ headers: HeaderList,
        _ body: OutboundBody?
    ) throws(NGHTTP2Error) {
        guard let body else {
            let code = unsafe headers.withNameValues { fields in
                unsafe nghttp2_submit_response(
                    self.session,
                    stream,
                    fields.baseAddress,
                    fields.count,
                    nil
                )
            }
            return try check(code, "nghttp2_submit_response")
        }
        self.inbox.bodies[stream] = body
        var provider = unsafe dataProvider(body)
        let code = unsafe headers.withNameValues { fields in
            unsafe nghttp2_submit_response(
                self.session,
                stream,
                fields.baseAddress,
                fields.count,
                &provider
            )
        }
        try check(code, "nghttp2_submit_response")
    }

    /// Ends `stream` with `trailers`, after its body has been read.
    func submitTrailers(_ stream: Int32, _ trailers: HeaderList) throws(NGHTTP2Error) {
        let code = unsafe trailers.withNameValues { fields in
            unsafe nghttp2_submit_trailer(self.session, stream, fields.baseAddress, fields.count)
        }
        try check(code, "nghttp2_submit_trailer")
    }

    /// Resumes a deferred body that has bytes again.
    ///
    /// Does nothing for a closed stream.
    func resumeData(_ stream: Int32) {
        unsafe _ = nghttp2_session_resume_data(self.session, stream)
    }

    /// Ends `stream` at once in both directions.
    func reset(_ stream: Int32, _ code: HTTP2ErrorCode) throws(NGHTTP2Error) {
        let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        try check(
            unsafe nghttp2_submit_rst_stream(self.session, flags, stream, code.rawValue),
            "nghttp2_submit_rst_stream"
        )
    }

    /// Lets the peer send `count` more bytes on its connection.
    func consumeConnection(_ count: Int) throws(NGHTTP2Error) {
        try check(
            unsafe nghttp2_session_consume_connection(self.session, count),
            "nghttp2_session_consume_connection"
        )
    }

    /// Lets the peer send `count` more bytes on `stream`.
    ///
    /// Does nothing for a closed stream.
    func consumeStream(_ stream: Int32, _ count: Int) throws(NGHTTP2Error) {
        let code = unsafe nghttp2_session_consume_stream(self.session, stream, count)
        if code != NGHTTP2_ERR_INVALID_ARGUMENT.rawValue {
            try check(code, "nghttp2_session_consume_stream")
        }
    }

    // MARK: Connection

    func submitPing() throws(NGHTTP2Error) {
        let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        try check(unsafe nghttp2_submit_ping(self.session, flags, nil), "nghttp2_submit_ping")
    }

    /// Announces a GOAWAY (RFC 9113 § 6.8) without refusing any stream yet.
    func submitShutdownNotice() throws(NGHTTP2Error) {
        try check(
            unsafe nghttp2_submit_shutdown_notice(self.session),
            "nghttp2_submit_shutdown_notice"
        )
    }

    /// Refuses streams after the last one processed.
    func submitGoAway(_ code: HTTP2ErrorCode, debug: String = "") throws(NGHTTP2Error) {
        let last = unsafe nghttp2_session_get_last_proc_stream_id(self.session)
        let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        let bytes = Array(debug.utf8)
        let result = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe nghttp2_submit_goaway(
                self.session,
                flags,
                last,
                code.rawValue,
                buffer.baseAddress,
                buffer.count
            )
        }
        try check(result, "nghttp2_submit_goaway")
    }

    /// The most streams that the peer allows at once.
    var peerStreamsMax: Int {
        Int(
            unsafe nghttp2_session_get_remote_settings(
                self.session,
                NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS
            )
        )
    }

    private func announce(_ settings: Settings, _ role: Role) throws(NGHTTP2Error) {
        var entries = [
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.streamWindow),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.headerBytesMax),
        ]
        switch role {
        case .client: entries.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
        case .server:
            entries.append(entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.streamsMax))
        }
        let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        try check(
            unsafe nghttp2_submit_settings(self.session, flags, entries, entries.count),
            "nghttp2_submit_settings"
        )
        try check(
            unsafe nghttp2_session_set_local_window_size(
                self.session,
                flags,
                0,
                settings.connectionWindow
            ),
            "nghttp2_session_set_local_window_size"
        )
    }
}

private func entry(_ id: nghttp2_settings_id, _ value: UInt32) -> nghttp2_settings_entry {
    nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: value)
}

/// Throws unless `code`, the result of `function`, is 0.
func check(_ code: Int32, _ function: StaticString) throws(NGHTTP2Error) {
    guard code == 0 else { throw NGHTTP2Error(code: code, function: function) }
}

private func dataProvider(_ body: OutboundBody) -> nghttp2_data_provider {
    // Unretained: the inbox keeps the body until nghttp2 has closed its stream.
    let source = unsafe nghttp2_data_source(ptr: Unmanaged.passUnretained(body).toOpaque())
    return unsafe nghttp2_data_provider(source: source, read_callback: readBody)
}
