import NIOCore
import TransportCore

/// Receives the events of a connection: the ``Subchannel`` that opened it.
protocol ClientConnectionOwner: AnyObject {
    /// The server's SETTINGS arrived; calls may be sent.
    func connectionReady(_ connection: ClientConnection)

    /// A call that was turned away earlier would fit now.
    func connectionHasRoom(_ connection: ClientConnection)

    /// No new call may be sent; open calls continue.
    ///
    /// Called once, at the latest when the socket closes, and never after
    /// ``ClientConnection/closeWhenIdle()`` or ``ClientConnection/stop()``. `wasOfUse` is true when
    /// the connection has answered a call or was ready for long enough.
    func connectionRetired(_ connection: ClientConnection, wasOfUse: Bool, _ reason: RPCError)

    /// The server refused further pings as too many.
    func connectionPingsTooOften(_ connection: ClientConnection)

    /// The server never processed this call; send it elsewhere.
    func retry(_ call: ClientCall)
}

/// A connection of a client: turns calls into requests, and a session's events into answers.
final class ClientConnection: ChannelInboundHandler, SessionDelegate,
    @unchecked Sendable  // confined to its loop: entries are events or calls on it
{
    typealias InboundIn = ByteBuffer

    private let loop: any EventLoop
    private let channel: any NIOCore.Channel
    private let headers: RequestHeaders
    private let environment: Subchannel.Environment
    private weak var owner: (any ClientConnectionOwner)?
    private var driver: SessionDriver?
    private var calls: [Int32: ClientCall] = [:]
    private var state: ClientConnectionState
    /// Compresses requests; nil where none are compressed.
    private var compressor: MessageCompressor?
    /// True after an answer that announced gzip; requests before it are not compressed.
    private var serverAcceptsGzip = false
    private var pings: PingWatch
    private var pingTimer: Scheduled<Void>?
    private var handshakeTimer: Scheduled<Void>?

    init(
        _ environment: Subchannel.Environment,
        channel: any NIOCore.Channel,
        to address: SocketAddress,
        keepalive: Keepalive,
        owner: any ClientConnectionOwner
    ) {
        self.pings = PingWatch(keepalive, now: EventLoopChannel.instant)
        self.state = ClientConnectionState(
            callsMax: environment.callsPerConnectionMax,
            usefulAfter: max(.seconds(1), environment.backoff.initial)
        )
        self.headers = RequestHeaders(environment.endpoint, isSecure: environment.tls != nil)
        self.environment = environment
        self.loop = channel.eventLoop
        self.channel = channel
        self.owner = owner
        self.compressor = MessageCompressor(environment.compression, peer: address)
    }

    // MARK: From the event-loop channel

    /// Sends `call`; false when this connection takes no more calls, or none at the moment.
    ///
    /// Calls over the server's stream limit wait in the event-loop channel, where they are counted,
    /// not in nghttp2.
    func start(_ call: ClientCall) -> Bool {
        let silent = self.pings.isSuspect
        guard self.state.admitsCall(beside: self.calls.count, silent: silent),
            let driver = self.driver
        else { return false }
        let mayCompress = call.call.mayCompress && self.compressor != nil
        let encoding = call.prepare(mayCompress && self.serverAcceptsGzip ? self : nil)
        let headers = self.headers.list(
            call.call,
            timeout: call.timeLeft,
            acceptsGzip: mayCompress,
            encoding
        )
        guard let stream = driver.submitRequest(headers, call.body) else {
            self.perform(self.state.wornOut(at: EventLoopChannel.instant))
            self.closeIfIdle()
            return false
        }
        self.calls[stream] = call
        let now = EventLoopChannel.instant
        call.started(on: self, as: stream, at: now)
        self.act(on: self.pings.callStarted(at: now))
        self.perform(self.state.callStarted(at: now))
        return true
    }

    /// Compresses `message`; nil to send it uncompressed.
    func compress(_ message: [UInt8], of method: String) -> [UInt8]? {
        self.compressor?.compress(message, of: method)
    }

    /// Records whether the server accepts gzip.
    func server(acceptsGzip: Bool) { self.serverAcceptsGzip = acceptsGzip }

    func reset(_ stream: Int32) {
        self.driver?.submit { session throws(NGHTTP2Error) in try session.reset(stream, .cancel) }
    }

    /// Handles a call, sent at `start`, that ended because the server was too slow.
    func callGivenUp(sentAt start: Timeline.Instant) {
        self.act(on: self.pings.callGivenUp(sentAt: start, at: EventLoopChannel.instant))
    }

    func bodyChanged(_ stream: Int32, _ body: OutboundBody) {
        self.driver?.bodyChanged(stream, body)
    }

    func giveBack(_ credit: Int, to stream: Int32) {
        self.driver?.submit { session throws(NGHTTP2Error) in
            try session.consumeStream(stream, credit)
        }
    }

    /// Takes no more calls, and closes when the last has ended.
    func closeWhenIdle() {
        self.state.closeWhenIdle()
        self.closeIfIdle()
    }

    /// Closes at once; open calls end with UNAVAILABLE.
    func stop() {
        self.state.stop()
        self.driver?.flush()
        self.driver?.close()
        self.channel.close(promise: nil)
    }

    // MARK: Socket

    func channelActive(context: ChannelHandlerContext) {
        do throws(NGHTTP2Error) {
            self.driver = try SessionDriver(
                .client,
                self.environment.settings,
                channel: context.channel,
                delegate: self
            )
            self.driver?.flush()
            self.startHandshakeTimer()
        } catch {
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if self.pings.heard(at: EventLoopChannel.instant) {
            self.watchPings()
            self.offerRoom()
        }
        self.driver?.read(self.unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) { self.driver?.readComplete() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.driver?.flush() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.state.socketFailed("\(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.handshakeTimer?.cancel()
        self.pingTimer?.cancel()
        self.driver?.close()
        let error = RPCError(.unavailable, self.state.closeReason)
        self.perform(self.state.closed(at: EventLoopChannel.instant))
        for stream in self.calls.keys.sorted() { self.lose(stream, error) }
        self.driver = nil
    }

    // MARK: Session

    func receive(_ event: SessionInbox.Event, from driver: SessionDriver) {
        switch event {
        case .headers(let id, let fields, let oversized, let endStream):
            let block = oversized ? nil : FieldBytes(driver.inbox, fields)
            self.calls[id]?.receive(block, endStream: endStream)
            if self.calls[id]?.isAnswered == true { self.state.answered() }
            self.resetIfOverEarly(id, remoteEnded: endStream)
        case .data(let id, let bytes): self.receive(driver.inbox.bytes[bytes], on: id, driver)
        case .streamClosed(let id, let code): self.closed(id, code, driver)
        case .requestNotSent(let id): self.lose(id, .notSent)
        case .goAway(let last, let code, let debug): self.goingAway(last, code, debug)
        case .settings: self.settingsCame(driver)
        case .pingAck, .ping, .remoteEnded, .responseNotSent: break
        }
    }

    func bodyHasRoom(_ stream: Int32) { self.calls[stream]?.hasRoom() }

    func localSideEnded(_ id: Int32) {}

    private func receive(_ bytes: ArraySlice<UInt8>, on id: Int32, _ driver: SessionDriver) {
        driver.submit { session throws(NGHTTP2Error) in try session.consumeConnection(bytes.count) }
        let credit = self.calls[id]?.receive(bytes) ?? bytes.count
        if credit > 0 { self.giveBack(credit, to: id) }
    }

    /// Resets a stream whose call was ended by a header block before the stream was.
    private func resetIfOverEarly(_ id: Int32, remoteEnded: Bool) {
        guard let call = self.calls[id], call.isOver else { return }
        if !remoteEnded { return self.reset(id) }
        // The server has answered; the rest of the request is useless (RFC 9113 § 8.1).
        if call.body.count > 0 || !call.body.isEnded { self.reset(id) }
    }

    private func settingsCame(_ driver: SessionDriver) {
        let now = EventLoopChannel.instant
        self.perform(self.state.settingsCame(streamsMax: driver.peerStreamsMax, at: now))
        self.offerRoom()
    }

    // MARK: Ends of calls

    private func closed(_ id: Int32, _ code: UInt32, _ driver: SessionDriver) {
        driver.inbox.bodies[id] = nil
        guard let call = self.calls.removeValue(forKey: id) else { return }
        if call.closed(code: code) { self.resend(call) }
        self.callEnded()
    }

    private func lose(_ id: Int32, _ error: RPCError) {
        guard let call = self.calls.removeValue(forKey: id) else { return }
        if call.lost(error) { self.resend(call) }
        self.callEnded()
    }

    private func callEnded() {
        self.closeIfIdle()
        self.offerRoom()
    }

    private func closeIfIdle() {
        if self.state.closesWhenIdle, self.calls.isEmpty { self.driver?.close() }
    }

    private func offerRoom() {
        let silent = self.pings.isSuspect
        self.perform(self.state.roomChanged(beside: self.calls.count, silent: silent))
    }

    private func resend(_ call: ClientCall) {
        if let owner = self.owner { owner.retry(call) } else { call.abort(.notSent) }
    }

    // MARK: Life

    private func goingAway(_ last: Int32, _ code: UInt32, _ debug: String) {
        if code == HTTP2ErrorCode.enhanceYourCalm.rawValue, debug == "too_many_pings" {
            self.owner?.connectionPingsTooOften(self)
        }
        var unsent = RPCError.notSent
        var reason: String?
        if code != HTTP2ErrorCode.noError.rawValue {
            unsent.message = "the server closed the connection with HTTP/2 error \(code) \(debug)"
            reason = unsent.message
        }
        self.perform(self.state.goingAway(reason, at: EventLoopChannel.instant))
        for stream in self.calls.keys.sorted() where stream > last { self.lose(stream, unsent) }
    }

    private func perform(_ action: ClientConnectionState.Action) {
        switch action {
        case .none: break
        case .reportReady:
            self.handshakeTimer?.cancel()
            self.watchPings()
            self.owner?.connectionReady(self)
        case .reportRoom: self.owner?.connectionHasRoom(self)
        case .reportRetired(let reason, let wasOfUse):
            let error = RPCError(.unavailable, reason)
            self.owner?.connectionRetired(self, wasOfUse: wasOfUse, error)
        }
    }

    private func startHandshakeTimer() {
        let time = TimeAmount(clamping: self.environment.connectTimeout)
        self.handshakeTimer = self.loop.assumeIsolated().scheduleTask(in: time) {
            self.state.failed("the server did not send its SETTINGS in time")
            self.driver?.close()
        }
    }

    // MARK: Keepalive

    private func act(on action: PingWatch.Action) {
        switch action {
        case .none: return
        case .ping:
            self.driver?.submit { session throws(NGHTTP2Error) in try session.submitPing() }
        case .retire:
            self.perform(self.state.wentSilent(at: EventLoopChannel.instant))
            self.closeIfIdle()
        case .close:
            self.state.failed("the server did not answer a keepalive ping")
            self.driver?.close()
            return
        }
        self.watchPings()
    }

    /// Schedules the next decision of the ping watch.
    private func watchPings() {
        self.pingTimer?.cancel()
        guard let due = self.pings.dueAt, self.driver != nil else { return }
        let time = TimeAmount(clamping: EventLoopChannel.instant.duration(to: due))
        self.pingTimer = self.loop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            self?.pingsAreDue()
        }
    }

    private func pingsAreDue() {
        guard self.driver != nil else { return }
        let action = self.pings.timePassed(EventLoopChannel.instant, hasCalls: !self.calls.isEmpty)
        if action == .none { self.watchPings() } else { self.act(on: action) }
    }
}
