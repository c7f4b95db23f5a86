import CNGHTTP2

// Plain functions with C calling convention. They never throw, never trap on a peer's bytes and
// never call nghttp2: they append to the inbox and return.

/// Creates a session of `role` whose callbacks fill `inbox`.
func makeSession(
    _ role: NGHTTP2Session.Role,
    _ inbox: SessionInbox
) throws(NGHTTP2Error) -> OpaquePointer {
    var callbacks: OpaquePointer?
    var options: OpaquePointer?
    defer {
        unsafe nghttp2_session_callbacks_del(callbacks)
        unsafe nghttp2_option_del(options)
    }
    // NGHTTP2_ERR_NOMEM
    try check(unsafe nghttp2_session_callbacks_new(&callbacks), "nghttp2_session_callbacks_new")
    try check(unsafe nghttp2_option_new(&options), "nghttp2_option_new")
    unsafe setCallbacks(callbacks)
    unsafe nghttp2_option_set_no_auto_window_update(options, 1)
    // Beyond this limit nghttp2 ends the connection silently. The owner's budget is lower, so that
    // the peer gets a GOAWAY.
    unsafe nghttp2_option_set_max_outbound_ack(options, 10_000)
    // A client may send almost as many RST_STREAM as it makes calls. nghttp2's default of a
    // thousand, refilled at 33 a second, would disconnect a client whose calls time out.
    unsafe nghttp2_option_set_stream_reset_rate_limit(options, 10_000, 1_000)
    // nghttp2 reports only the unknown frame types that it is told to.
    for type in UInt8(0x0A)...0xFF {
        unsafe nghttp2_option_set_user_recv_extension_type(options, type)
    }
    var session: OpaquePointer?
    let user = unsafe Unmanaged.passUnretained(inbox).toOpaque()
    let code =
        switch role {
        case .client: unsafe nghttp2_session_client_new2(&session, callbacks, user, options)
        case .server: unsafe nghttp2_session_server_new2(&session, callbacks, user, options)
        }
    guard code == 0, let session = unsafe session else {
        throw NGHTTP2Error(code: code, function: "nghttp2_session_new")
    }
    return unsafe session
}

private func setCallbacks(_ callbacks: OpaquePointer?) {
    unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBeginHeaders)
    unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader)
    unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame)
    unsafe nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, onFrameHeader)
    unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onData)
    unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onStreamClose)
    unsafe nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, onFrameSent)
    unsafe nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, onFrameNotSent)
    unsafe nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, onInvalidFrame)
    unsafe nghttp2_session_callbacks_set_unpack_extension_callback(callbacks, onExtension)
}

private func inbox(_ user: UnsafeMutableRawPointer?) -> SessionInbox? {
    guard let user = unsafe user else { return nil }
    return unsafe Unmanaged<SessionInbox>.fromOpaque(user).takeUnretainedValue()
}

private func onBeginHeaders(
    _: OpaquePointer?,
    _: UnsafePointer<nghttp2_frame>?,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe inbox(user)?.beginHeaders()
    return 0
}

private func onHeader(
    _: OpaquePointer?,
    _: UnsafePointer<nghttp2_frame>?,
    name: UnsafePointer<UInt8>?,
    nameCount: Int,
    value: UnsafePointer<UInt8>?,
    valueCount: Int,
    _: UInt8,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let inbox = unsafe inbox(user) else { return 0 }
    let isKept = unsafe inbox.appendField(
        name: UnsafeBufferPointer(start: name, count: nameCount),
        value: UnsafeBufferPointer(start: value, count: valueCount)
    )
    if isKept { return 0 }
    inbox.dropHeaders()
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
}

/// Ignores a frame of unknown type (RFC 9113 § 5.5); it was counted when it began.
private func onExtension(
    _: OpaquePointer?,
    _: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _: UnsafePointer<nghttp2_frame_hd>?,
    _: UnsafeMutableRawPointer?
) -> Int32 { NGHTTP2_ERR_CANCEL.rawValue }

/// Handles a refused frame, which nghttp2 reports nowhere else.
private func onInvalidFrame(
    _: OpaquePointer?,
    frame: UnsafePointer<nghttp2_frame>?,
    _: Int32,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let type = unsafe frame?.pointee.hd.type else { return 0 }
    if UInt32(type) == NGHTTP2_HEADERS.rawValue { unsafe inbox(user)?.dropHeaders() }
    return 0
}

/// Counts frames that keep us busy without serving a call.
///
/// The type is checked first, because a SETTINGS ACK has the flag bit of END_STREAM. RST_STREAM has
/// its own limit: in an overload a good client cancels many calls.
private func onFrameHeader(
    _: OpaquePointer?,
    header: UnsafePointer<nghttp2_frame_hd>?,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let header = unsafe header?.pointee else { return 0 }
    let endStream = UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
    switch UInt32(header.type) {
    case NGHTTP2_HEADERS.rawValue, NGHTTP2_CONTINUATION.rawValue, NGHTTP2_RST_STREAM.rawValue: break
    case NGHTTP2_DATA.rawValue:
        if !endStream { unsafe inbox(user)?.dataFrameBegan() }
    case NGHTTP2_WINDOW_UPDATE.rawValue: unsafe inbox(user)?.creditBegan()
    default: unsafe inbox(user)?.idleFrameBegan()
    }
    return 0
}

private func onFrame(
    _: OpaquePointer?,
    frame: UnsafePointer<nghttp2_frame>?,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame, let inbox = unsafe inbox(user) else { return 0 }
    let header = unsafe frame.pointee.hd
    switch UInt32(header.type) {
    case NGHTTP2_HEADERS.rawValue:
        let endStream = UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
        inbox.endHeaders(stream: header.stream_id, endStream: endStream)
        if endStream { inbox.append(.remoteEnded(stream: header.stream_id)) }
    case NGHTTP2_DATA.rawValue where UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0:
        inbox.append(.remoteEnded(stream: header.stream_id))
    case NGHTTP2_SETTINGS.rawValue where UInt32(header.flags) & NGHTTP2_FLAG_ACK.rawValue == 0:
        inbox.append(.settings)
    case NGHTTP2_PING.rawValue:
        inbox.append(UInt32(header.flags) & NGHTTP2_FLAG_ACK.rawValue == 0 ? .ping : .pingAck)
    case NGHTTP2_GOAWAY.rawValue:
        unsafe inbox.append(goAway(frame.pointee.goaway))
    default: break
    }
    return 0
}

private func goAway(_ frame: nghttp2_goaway) -> SessionInbox.Event {
    let count = unsafe min(frame.opaque_data_len, 256)
    let debug = unsafe UnsafeBufferPointer(start: frame.opaque_data, count: count)
    return unsafe .goAway(
        lastStream: frame.last_stream_id,
        code: frame.error_code,
        debug: String(decoding: debug, as: UTF8.self)
    )
}

private func onData(
    _: OpaquePointer?,
    _: UInt8,
    stream: Int32,
    bytes: UnsafePointer<UInt8>?,
    count: Int,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe inbox(user)?.appendData(stream: stream, UnsafeBufferPointer(start: bytes, count: count))
    return 0
}

private func onStreamClose(
    _: OpaquePointer?,
    stream: Int32,
    code: UInt32,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let inbox = unsafe inbox(user) else { return 0 }
    inbox.append(.streamClosed(stream: stream, code: code))
    return 0
}

private func onFrameSent(
    _: OpaquePointer?,
    frame: UnsafePointer<nghttp2_frame>?,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame, let inbox = unsafe inbox(user) else { return 0 }
    let header = unsafe frame.pointee.hd
    switch UInt32(header.type) {
    case NGHTTP2_HEADERS.rawValue, NGHTTP2_DATA.rawValue:
        let isData = UInt32(header.type) == NGHTTP2_DATA.rawValue
        inbox.sentUsefulFrame(bytes: isData ? header.length : 0)
        if UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 {
            inbox.localEnded.append(header.stream_id)
        }
    case NGHTTP2_RST_STREAM.rawValue:
        unsafe inbox.sentReset(code: frame.pointee.rst_stream.error_code)
    default: break
    }
    return 0
}

private func onFrameNotSent(
    _: OpaquePointer?,
    frame: UnsafePointer<nghttp2_frame>?,
    _: Int32,
    user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame, let inbox = unsafe inbox(user) else { return 0 }
    let header = unsafe frame.pointee.hd
    guard UInt32(header.type) == NGHTTP2_HEADERS.rawValue else { return 0 }
    let isRequest = unsafe frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
    let stream = header.stream_id
    inbox.append(isRequest ? .requestNotSent(stream: stream) : .responseNotSent(stream: stream))
    return 0
}

/// Moves bytes of a body into a frame; at its end, asks for trailers or waits for more.
let readBody: nghttp2_data_source_read_callback = { _, stream, target, count, flags, source, user in
    guard let pointer = unsafe source?.pointee.ptr, let inbox = unsafe inbox(user),
        let flags = unsafe flags
    else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
    let body = unsafe Unmanaged<OutboundBody>.fromOpaque(pointer).takeUnretainedValue()
    let read = unsafe body.read(into: UnsafeMutableRawBufferPointer(start: target, count: count))
    if body.hasWaitingWriter, body.count < OutboundBody.highWater / 2 { inbox.roomy.append(stream) }
    guard body.count == 0 else { return read }
    switch body.ending {
    case .open:
        if read > 0 { return read }
        body.isDeferred = true
        return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    case .trailers:
        unsafe flags.pointee |=
            NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        inbox.drained.append(stream)
    case .endStream:
        unsafe flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
    }
    return read
}
