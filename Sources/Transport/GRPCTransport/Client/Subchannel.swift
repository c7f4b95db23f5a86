import NIOCore
import NIOPosix
import TransportCore

/// Receives the events of a ``EventLoopChannel``'s subchannels.
protocol SubchannelOwner: AnyObject {
    /// It has a new connection; whether calls may be sent is reported separately.
    func subchannelConnected(_ subchannel: Subchannel)

    /// It starts to serve: it has connected, or its server reports that it serves again.
    func subchannelServes(_ subchannel: Subchannel)

    /// It is connected to a server that does not serve.
    func subchannelUnhealthy(_ subchannel: Subchannel)

    /// Calls may be sent: it has connected, or a call has ended at the stream limit.
    func subchannelReady(_ subchannel: Subchannel)

    /// It has lost its connection or could not connect.
    func subchannelFailed(_ subchannel: Subchannel)

    /// No server processed this call; send it again.
    func retry(_ call: ClientCall)
}

/// An address of a service and its connection.
///
/// Confined to its event-loop channel's event loop.
final class Subchannel: ClientConnectionOwner,
    @unchecked Sendable  // confined to its event-loop channel's event loop
{
    /// The shared options of a channel's subchannels.
    struct Environment: Sendable {
        let endpoint: Endpoint
        var config = ServiceConfig.roundRobin
        let limits: TransportLimits
        var settings = NGHTTP2Session.Settings()
        let backoff: ConnectionBackoff
        let keepalive: Keepalive
        /// The longest time for connecting the socket, and again for the server's SETTINGS.
        let connectTimeout: Duration
        /// The number of calls after which a connection is replaced: half of the stream ids (RFC
        /// 9113 § 5.1.1).
        var callsPerConnectionMax = 1 << 29
        /// The time for which a resolved name is used, ±20 %.
        var resolveInterval = Duration.seconds(5)
        var tls: MutualTLS?
        /// The rules for compressing requests and accepting compressed responses; nil for neither.
        var compression: Compression?
        let draw: @Sendable () -> Double
    }

    /// The longest time that sent bytes may stay unacknowledged by the peer's kernel (gRFC A18).
    private static let silenceMax = Duration.seconds(20)

    let address: SocketAddress

    /// The address as text.
    var name: String { self.address.hostAndPort ?? "\(self.address)" }
    private var state = SubchannelState<ClientConnection>()

    /// The connection, when calls may be sent on it.
    var usable: ClientConnection? { self.state.isServing ? self.state.ready : nil }

    var isReady: Bool { self.state.ready != nil }

    /// The last failure, until the address is ready again.
    ///
    /// While it is set, calls that do not wait for ready fail at once (gRFC A62).
    var failure: RPCError? { self.state.failure }

    private let loop: any EventLoop
    private let environment: Environment
    private weak var owner: (any SubchannelOwner)?
    private var probe: HealthProbe?
    private var retryTimer: Scheduled<Void>?

    /// The number of times that the server refused pings as too many.
    private var complaints = 0

    init(
        _ address: SocketAddress,
        _ environment: Environment,
        loop: any EventLoop,
        owner: any SubchannelOwner
    ) {
        self.address = address
        self.environment = environment
        self.loop = loop
        self.owner = owner
    }

    /// Connects, unless it is connected, connecting or backing off.
    func connect() { self.perform(self.state.connect()) }

    /// Clears the failure and connects at once, so that calls wait for this attempt.
    ///
    /// Does nothing for an address whose last connection ended at once.
    func connectAgain() { self.perform(self.state.hasten()) }

    /// Takes no more calls; the connection closes when its last call has ended.
    func retire() {
        self.state.ready?.closeWhenIdle()
        self.end(closing: !self.isReady)
    }

    /// Closes for good.
    func stop() { self.end(closing: true) }

    private func end(closing: Bool) {
        self.probe?.stop()
        self.retryTimer?.cancel()
        let connection = self.state.stop()
        if closing { connection?.stop() }
    }

    private func perform(_ action: SubchannelState<ClientConnection>.Action) {
        switch action {
        case .none, .close: break
        case .connect:
            self.retryTimer?.cancel()
            self.attempt()
        case .backOff(let failures):
            self.wait(failures: failures)
            self.owner?.subchannelFailed(self)
        case .reportLost: self.owner?.subchannelFailed(self)
        case .reportUnhealthy: self.owner?.subchannelUnhealthy(self)
        case .reportServing:
            self.owner?.subchannelServes(self)
            self.owner?.subchannelReady(self)
        }
    }

    private func attempt() {
        ClientBootstrap(group: self.loop)
            .connectTimeout(.init(clamping: self.environment.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .unacknowledged(for: self.environment.keepalive.interval.map { _ in Self.silenceMax })
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.open(channel) }
            }
            .connect(to: self.address)
            .assumeIsolated()
            .whenFailure { error in
                self.perform(self.state.attemptFailed(self.unavailable("\(error)")))
            }
    }

    private func open(_ channel: any NIOCore.Channel) throws {
        let connection = ClientConnection(
            self.environment,
            channel: channel,
            to: self.address,
            keepalive: self.environment.keepalive.after(complaints: self.complaints),
            owner: self
        )
        let pipeline = channel.pipeline.syncOperations
        if let tls = self.environment.tls {
            try pipeline.addHandlers(tls.clientHandlers(to: self.environment.endpoint.host))
        }
        try pipeline.addHandler(connection)
        if self.state.opened(connection) == .close { connection.stop() }
    }

    private func wait(failures: Int) {
        let draw = self.environment.draw()
        let delay = self.environment.backoff.delay(failures: failures, draw: draw)
        self.retryTimer = self.loop.assumeIsolated().scheduleTask(in: .init(clamping: delay)) {
            self.perform(self.state.waitEnded())
        }
    }

    // MARK: From the connection

    func connectionReady(_ connection: ClientConnection) {
        let service = self.environment.config.healthCheckService
        let action = self.state.becameReady(connection, hasHealthCheck: service != nil)
        guard action != .close else { return connection.stop() }
        if let service { self.watchHealth(of: service, on: connection) }
        self.owner?.subchannelConnected(self)
        self.perform(action)
    }

    private func watchHealth(of service: String, on connection: ClientConnection) {
        self.probe?.stop()
        let probe = HealthProbe(
            of: service,
            on: connection,
            self.environment,
            loop: self.loop
        ) { [weak self] isServing in
            guard let self else { return }
            self.perform(self.state.healthChanged(isServing, self.notServing))
        }
        self.probe = probe
        probe.start()
    }

    func connectionHasRoom(_ connection: ClientConnection) {
        guard !self.state.isStopped else { return }
        self.owner?.subchannelReady(self)
    }

    func connectionRetired(_ connection: ClientConnection, wasOfUse: Bool, _ reason: RPCError) {
        var text = reason.message
        if self.state.ready === connection {
            self.probe?.stop()
            text = "the connection ended before it answered a call: \(text)"
        }
        let error = self.unavailable(text)
        self.perform(self.state.ended(connection, wasOfUse: wasOfUse, error))
    }

    func connectionPingsTooOften(_ connection: ClientConnection) { self.complaints += 1 }

    func retry(_ call: ClientCall) { self.owner?.retry(call) }

    private func unavailable(_ reason: String) -> RPCError {
        RPCError(
            .unavailable,
            "no connection to \(self.environment.endpoint) at \(self.name): \(reason)",
            wasNeverProcessed: true
        )
    }

    private var notServing: RPCError {
        var error = RPCError(
            .unavailable,
            "\(self.environment.endpoint) at \(self.name) says that it does not serve",
            reason: HealthGate.reason
        )
        error.wasNeverProcessed = true
        return error
    }
}
