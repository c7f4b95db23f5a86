import Listening
import NIOCore
import TransportCore

/// A connection of a server: turns a session's events into calls, and their results into frames.
///
/// Calls begin in `+Requests` and end in `+Responses`.
final class ServerConnection: ChannelInboundHandler, SessionDelegate,
    @unchecked Sendable  // confined to its loop: entries are channel events or go through `onLoop`
{
    typealias InboundIn = ByteBuffer

    let loop: any EventLoop
    let environment: Environment
    let executor: LoopExecutor
    let peer: String
    private let channel: any NIOCore.Channel
    private let finishedPromise: EventLoopPromise<Void>

    private(set) var driver: SessionDriver?
    var streams: [Int32: ServerStream] = [:] { didSet { self.streamsChanged() } }

    /// The eviction standing of this connection; nil without a listener.
    private let slot: ConnectionSlot?
    private var state = ServerConnectionState()
    private var abuseGuard: PeerAbuseGuard
    private var watch: RepeatedTask?

    /// Compresses responses; nil where none are compressed.
    var compressor: MessageCompressor?
    private var ageTimer: Scheduled<Void>?
    private var noticeTimer: Scheduled<Void>?

    /// The longest wait for the client's answer to the first GOAWAY of an old connection.
    private static let agedNotice = Duration.seconds(60)

    var runningHandlers: Int { self.state.runningHandlers }

    /// Completes when the socket is closed and no handler is running.
    var finished: EventLoopFuture<Void> { self.finishedPromise.futureResult }

    init(
        _ environment: Environment,
        channel: any NIOCore.Channel,
        slot: ConnectionSlot? = nil
    ) {
        self.loop = channel.eventLoop
        self.environment = environment
        self.executor = LoopExecutor(channel.eventLoop)
        self.channel = channel
        self.slot = slot
        self.peer = channel.remoteAddress?.hostAndPort ?? "unknown"
        self.finishedPromise = channel.eventLoop.makePromise()
        self.abuseGuard = PeerAbuseGuard(now: environment.timeline.now)
        self.compressor = MessageCompressor(environment.compression, peer: channel.remoteAddress)
    }

    // MARK: Socket

    func channelActive(context: ChannelHandlerContext) {
        do throws(NGHTTP2Error) {
            self.driver = try SessionDriver(
                .server,
                self.environment.settings,
                channel: context.channel,
                delegate: self
            )
            self.driver?.flush()
            self.startWatch()
            self.startAging()
        } catch {
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let driver = self.driver else { return }
        driver.read(self.unwrapInboundIn(data))
        self.checkFlood(driver)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard let driver = self.driver else { return }
        driver.readComplete()
        if driver.inbox.counts.faults > 0 { self.checkFlood(driver) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.driver?.flush() }
    }

    /// Tells a client by GOAWAY why its certificate was refused after the handshake.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? TLSFailure, let driver = self.driver else {
            return context.close(promise: nil)
        }
        driver.terminate(.inadequateSecurity, debug: failure.description)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let request = event as? EvictionRequest else {
            return context.fireUserInboundEventTriggered(event)
        }
        guard self.state.standing == .busy else { return self.makeRoom() }
        self.publishStanding()
        request.declined()
    }

    func channelInactive(context: ChannelHandlerContext) { self.socketClosed() }

    /// Called also for a socket that failed before it was active.
    func handlerRemoved(context: ChannelHandlerContext) { self.socketClosed() }

    private func socketClosed() {
        self.watch?.cancel()
        self.ageTimer?.cancel()
        self.noticeTimer?.cancel()
        self.driver?.close()
        self.driver = nil
        self.cancelCalls()
        self.perform(self.state.socketClosed())
    }

    private func cancelCalls() {
        for stream in self.streams.values.sorted(by: { $0.id < $1.id }) {
            stream.release(.callerGone)
        }
        self.streams.removeAll()
    }

    // MARK: From the server

    /// Refuses new streams, lets open ones end, then closes.
    ///
    /// The second GOAWAY follows when the peer has answered the first, or after `notice`; streams
    /// that cross it are refused.
    func startDrain(notice: Duration? = nil) {
        self.onLoop { connection in
            let wait = notice ?? connection.environment.drainNotice
            connection.perform(connection.state.drain(wait: wait))
        }
    }

    private func perform(_ action: ServerConnectionState.Action) {
        switch action {
        case .none: break
        case .sendNotice(let wait):
            self.sendNotice()
            self.awaitAnswer(for: wait)
        case .renewWait(let wait): self.awaitAnswer(for: wait)
        case .sendGoAway:
            self.driver?.submit { session throws(NGHTTP2Error) in
                try session.submitGoAway(.noError)
            }
        case .finish: self.finishedPromise.succeed()
        }
    }

    /// Waits for the answer to the ping behind the first GOAWAY.
    private func awaitAnswer(for wait: Duration) {
        self.noticeTimer?.cancel()
        let time = TimeAmount(clamping: wait)
        self.noticeTimer = self.loop.assumeIsolated().scheduleTask(in: time) {
            self.perform(self.state.noticeEnded())
        }
    }

    private func sendNotice() {
        self.driver?.submit { session throws(NGHTTP2Error) in try session.submitShutdownNotice() }
        // Flush first: nghttp2 lets a PING overtake a GOAWAY, and its answer would not prove that
        // the GOAWAY was read.
        self.driver?.flush()
        self.driver?.submit { session throws(NGHTTP2Error) in try session.submitPing() }
    }

    /// Closes this connection, which has no calls, to make room for another.
    ///
    /// A call in transit arrives after the GOAWAY, so its client knows that it was not processed.
    private func makeRoom() {
        self.driver?.submit { session throws(NGHTTP2Error) in
            try session.submitGoAway(.noError, debug: "too many connections")
        }
        self.driver?.flush()
        self.driver?.close()
        self.channel.close(promise: nil)
    }

    private func streamsChanged() {
        self.state.streamsChanged(isBusy: !self.streams.isEmpty)
        self.publishStanding()
    }

    private func publishStanding() { self.slot?.set(self.state.standing, at: .now()) }

    /// Closes at once; handlers are cancelled.
    func stop() {
        self.onLoop { connection in
            connection.driver?.flush()
            connection.driver?.close()
            connection.channel.close(promise: nil)
        }
    }

    /// Finishes a connection that was never given its socket.
    func abandon() { self.onLoop { $0.socketClosed() } }

    func onLoop(_ body: @escaping @Sendable (ServerConnection) -> Void) {
        if self.loop.inEventLoop { body(self) } else { self.loop.execute { body(self) } }
    }

    private func startAging() {
        guard let age = self.environment.age else { return }
        let time = TimeAmount(clamping: age.time(draw: self.environment.draw()))
        self.ageTimer = self.loop.assumeIsolated().scheduleTask(in: time) {
            self.grewOld(grace: age.grace)
        }
    }

    /// Drains an old connection (gRFC A9), so that its client finds newer servers.
    ///
    /// A client that is slow to answer loses no call.
    func grewOld(grace: Duration) {
        self.startDrain(notice: min(grace, Self.agedNotice))
        let time = TimeAmount(clamping: grace)
        self.ageTimer = self.loop.assumeIsolated().scheduleTask(in: time) { self.stop() }
    }

    // MARK: Session

    func receive(_ event: SessionInbox.Event, from driver: SessionDriver) {
        switch event {
        case .headers(let id, let fields, let oversized, _):
            guard self.streams[id] == nil else { return }
            self.open(id, oversized ? nil : FieldBytes(driver.inbox, fields), driver)
        case .data(let id, let bytes):
            self.receive(driver.inbox.bytes[bytes], on: id, driver)
        case .remoteEnded(let id):
            if let stream = self.streams[id] { self.remoteEnded(stream) }
        case .streamClosed(let id, _):
            driver.inbox.bodies[id] = nil
            self.streams.removeValue(forKey: id)?.release(.callerGone)
        case .responseNotSent(let id): self.responseNotSent(id, driver)
        case .ping: self.pinged(driver)
        case .pingAck: self.perform(self.state.noticeEnded())
        case .settings: self.abuseGuard.settingsCame()
        case .goAway, .requestNotSent: break
        }
    }

    func bodyHasRoom(_ stream: Int32) { self.streams[stream]?.releaseWriters() }

    /// Resets a stream whose caller is still sending after our status (RFC 9113 § 8.1).
    func localSideEnded(_ id: Int32) {
        guard let stream = self.streams[id], !stream.hasRemoteEnded else { return }
        self.driver?.submit { session throws(NGHTTP2Error) in try session.reset(id, .noError) }
    }

    /// Resets a stream whose response headers were too large to send, so that its caller does not
    /// wait.
    private func responseNotSent(_ id: Int32, _ driver: SessionDriver) {
        guard self.streams[id] != nil else { return }
        driver.submit { session throws(NGHTTP2Error) in try session.reset(id, .internalError) }
    }

    // MARK: Handlers

    func handlerStarted() { self.state.handlerStarted() }

    func handlerEnded() { self.perform(self.state.handlerEnded()) }

    // MARK: Conduct

    private func pinged(_ driver: SessionDriver) {
        let verdict = self.abuseGuard.pingCame(
            usefulSent: driver.inbox.counts.useful,
            now: self.environment.timeline.now
        )
        self.act(on: verdict, driver)
    }

    private func checkFlood(_ driver: SessionDriver) {
        let inbox = driver.inbox
        let verdict = self.abuseGuard.framesCame(inbox.counts, now: self.environment.timeline.now)
        inbox.resetAccounts()
        self.act(on: verdict, driver)
    }

    private func startWatch() {
        let interval = TimeAmount(clamping: self.environment.patience)
        self.watch = self.loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            self.patienceEnded()
        }
    }

    /// Handles the end of one interval of patience.
    func patienceEnded() {
        guard let driver = self.driver else { return }
        let isInHeaderBlock = driver.inbox.isInHeaderBlock
        self.act(on: self.abuseGuard.patienceEnded(isInHeaderBlock: isInHeaderBlock), driver)
    }

    private func act(on verdict: PeerAbuseGuard.Verdict, _ driver: SessionDriver) {
        guard case .over(let code, let debug) = verdict else { return }
        driver.terminate(code, debug: debug)
        self.cancelCalls()
    }
}
