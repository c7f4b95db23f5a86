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
    enum State {
        case idle
        /// Connecting the socket, or waiting for SETTINGS.
        case connecting
        case ready(ClientConnection)
        case backingOff
    }

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
    private(set) var state = State.idle

    var isReady: Bool {
        if case .ready = self.state { true } else { false }
    }

    /// True when the server serves; nil until it has reported.
    ///
    /// Without health checks it is true once connected.
    private(set) var isServing: Bool?

    var isUsable: Bool { self.isReady && self.isServing == true }
    private var probe: HealthProbe?

    /// The last failure, until the address is ready again.
    ///
    /// While it is set, calls that do not wait for ready fail at once (gRFC A62).
    private(set) var failure: RPCError?
    private let loop: any EventLoop
    private let environment: Environment
    private weak var owner: (any SubchannelOwner)?
    private var failures = 0

    /// Connections in a row that ended at once without an answer.
    private var briefConnections = 0

    /// The number of times that the server refused pings as too many.
    private var complaints = 0
    private var retryTimer: Scheduled<Void>?

    /// The connection that is not ready yet.
    private weak var attempt: ClientConnection?
    private var isStopped = false

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
    func connect() {
        guard case .idle = self.state, !self.isStopped else { return }
        self.state = .connecting
        ClientBootstrap(group: self.loop)
            .connectTimeout(.init(clamping: self.environment.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .unacknowledged(for: self.environment.keepalive.interval.map { _ in Self.silenceMax })
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = ClientConnection(
                        self.environment,
                        channel: channel,
                        to: self.address,
                        keepalive: self.environment.keepalive.after(complaints: self.complaints),
                        owner: self
                    )
                    let pipeline = channel.pipeline.syncOperations
                    if let tls = self.environment.tls {
                        let host = self.environment.endpoint.host
                        try pipeline.addHandlers(tls.clientHandlers(to: host))
                    }
                    try pipeline.addHandler(connection)
                    self.attempt = connection
                    if self.isStopped { connection.stop() }
                }
            }
            .connect(to: self.address)
            .assumeIsolated()
            .whenFailure { error in self.failed("\(error)") }
    }

    /// Clears the failure and connects at once, so that calls wait for this attempt.
    ///
    /// Does nothing for an address whose last connection ended at once.
    func connectAgain() {
        guard self.briefConnections == 0 else { return }
        self.failure = nil
        guard case .backingOff = self.state, !self.isStopped else { return }
        self.retryTimer?.cancel()
        self.failures = 0
        self.state = .idle
        self.connect()
    }

    /// Takes no more calls; the connection closes when its last call has ended.
    func retire() {
        self.probe?.stop()
        if case .ready(let connection) = self.state { connection.closeWhenIdle() }
        self.end()
    }

    /// Closes for good.
    func stop() {
        if case .ready(let connection) = self.state { connection.stop() }
        self.end()
    }

    private func end() {
        self.isStopped = true
        self.probe?.stop()
        self.retryTimer?.cancel()
        self.attempt?.stop()
        self.attempt = nil
        self.state = .idle
    }

    // MARK: From the connection

    func connectionReady(_ connection: ClientConnection) {
        guard !self.isStopped else { return connection.stop() }
        self.attempt = nil
        self.state = .ready(connection)
        self.failure = nil
        self.failures = 0
        self.watchHealth(of: connection)
        self.owner?.subchannelConnected(self)
        if self.isServing == true { self.serves() }
    }

    /// Starts the health check, if configured; calls then wait until the server serves.
    private func watchHealth(of connection: ClientConnection) {
        self.probe?.stop()
        guard let service = self.environment.config.healthCheckService else {
            self.isServing = true
            return
        }
        self.isServing = nil
        let probe = HealthProbe(
            of: service,
            on: connection,
            self.environment,
            loop: self.loop
        ) { [weak self] isServing in self?.healthChanged(isServing) }
        self.probe = probe
        probe.start()
    }

    private func serves() {
        self.owner?.subchannelServes(self)
        self.owner?.subchannelReady(self)
    }

    private func healthChanged(_ isServing: Bool) {
        guard self.isReady, !self.isStopped, isServing != self.isServing else { return }
        self.isServing = isServing
        if isServing {
            self.failure = nil
            self.serves()
        } else {
            self.failure = self.notServing
            self.owner?.subchannelUnhealthy(self)
        }
    }

    func connectionHasRoom(_ connection: ClientConnection) {
        guard !self.isStopped else { return }
        self.owner?.subchannelReady(self)
    }

    func connectionRetired(_ connection: ClientConnection, _ reason: RPCError) {
        guard !self.isStopped else { return }
        switch self.state {
        case .ready(let current) where current === connection:
            self.probe?.stop()
            self.isServing = nil
            self.readyEnded(wasOfUse: connection.wasOfUse, reason)
        case .connecting: self.failed(reason.message)
        default: break
        }
    }

    /// Reconnects on the next call, or after a backoff when the last two connections were of no use.
    ///
    /// A peer that ends each connection at once is thus not flooded with them.
    private func readyEnded(wasOfUse: Bool, _ reason: RPCError) {
        self.briefConnections = wasOfUse ? 0 : self.briefConnections + 1
        guard self.briefConnections < 2 else {
            return self.backOff(
                failures: self.briefConnections - 1,
                "the connection ended before it answered a call: \(reason.message)"
            )
        }
        // A health report ends with its connection: the next server may serve.
        self.failure = nil
        self.state = .idle
        self.owner?.subchannelFailed(self)
    }

    func connectionPingsTooOften(_ connection: ClientConnection) { self.complaints += 1 }

    func retry(_ call: ClientCall) { self.owner?.retry(call) }

    private func failed(_ reason: String) {
        guard case .connecting = self.state, !self.isStopped else { return }
        self.attempt = nil
        self.failures += 1
        self.backOff(failures: self.failures, reason)
    }

    private func backOff(failures: Int, _ reason: String) {
        self.state = .backingOff
        self.failure = self.unavailable(reason)
        self.connectLater(failures: failures)
        self.owner?.subchannelFailed(self)
    }

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

    private func connectLater(failures: Int) {
        let draw = self.environment.draw()
        let delay = self.environment.backoff.delay(failures: failures, draw: draw)
        self.retryTimer = self.loop.assumeIsolated().scheduleTask(in: .init(clamping: delay)) {
            self.state = .idle
            self.connect()
        }
    }
}
