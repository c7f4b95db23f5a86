import NIOCore
import NIOPosix
import TransportCore

/// What the ``Lane`` hears from its subchannels.
protocol SubchannelOwner: AnyObject {
    /// It has a new connection; whether calls may be sent is said apart.
    func subchannelConnected(_ subchannel: Subchannel)

    /// It has begun to serve: it has connected, or its server says so again.
    func subchannelServes(_ subchannel: Subchannel)

    /// It has a connection to a server that does not serve.
    func subchannelUnhealthy(_ subchannel: Subchannel)

    /// Calls may be sent: it has connected, or a call has ended where there were too many.
    func subchannelReady(_ subchannel: Subchannel)

    /// It has lost its connection, or could not have one.
    func subchannelFailed(_ subchannel: Subchannel)

    /// A call that no server looked at: send it again.
    func retry(_ call: ClientCall)
}

/// One address of a service, and the connection to it.
///
/// Confined to its lane's event loop.
final class Subchannel: ClientConnectionOwner,
    @unchecked Sendable  // confined to its lane's event loop
{
    enum State {
        case idle
        /// The wait for SETTINGS included.
        case connecting
        case ready(ClientConnection)
        case backingOff
    }

    /// What every subchannel of a channel shares.
    struct Environment: Sendable {
        let endpoint: Endpoint
        var config = ServiceConfig.roundRobin
        let limits: TransportLimits
        var settings = NGHTTP2Session.Settings()
        let backoff: ConnectionBackoff
        let keepalive: Keepalive
        /// How long an attempt may take: once for the socket, once for the server's SETTINGS.
        let connectTimeout: Duration
        /// After so many calls a connection is replaced: half of what stream ids allow (RFC 9113 §
        /// 5.1.1).
        var callsPerConnectionMax = 1 << 29
        /// How long a look-up of the name is good for, give or take a fifth.
        var resolveInterval = Duration.seconds(5)
        var tls: MutualTLS?
        /// How requests are compressed, and whether answers may be; nil: neither.
        var compression: Compression?
        let draw: @Sendable () -> Double
    }

    /// How long the peer's kernel may leave unacknowledged what was sent (gRFC A18).
    private static let silenceMax = Duration.seconds(20)

    let address: SocketAddress

    /// The address as people write it.
    var name: String { self.address.hostAndPort ?? "\(self.address)" }
    private(set) var state = State.idle

    var isReady: Bool {
        if case .ready = self.state { true } else { false }
    }

    /// Whether the server says that it serves: nil until it has said anything, and true when nobody
    /// asks.
    private(set) var isServing: Bool?

    var isUsable: Bool { self.isReady && self.isServing == true }
    private var probe: HealthProbe?

    /// Why it failed last, until it is ready again: while set, calls that do not wait fail at once
    /// (gRFC A62).
    private(set) var failure: RPCError?
    private let loop: any EventLoop
    private let environment: Environment
    private weak var owner: (any SubchannelOwner)?
    private var failures = 0

    /// Connections in a row that ended at once without an answer.
    private var briefConnections = 0

    /// How often the server has said that pings come too often.
    private var complaints = 0
    private var retryTimer: Scheduled<Void>?

    /// The connection that has not been ready yet.
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

    /// Connects, unless it has, is trying, or waits to try again.
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

    /// Forgets its failure, so that calls wait for an attempt that begins now.
    ///
    /// An address that takes connections and ends them at once waits all the same.
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

    /// Takes calls only once the server says that it serves, if that is to be asked.
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

    /// Connects again on the next call, or after a wait when the last two connections in a row were
    /// of no use: a peer that ends each connection at once is not flooded with them.
    private func readyEnded(wasOfUse: Bool, _ reason: RPCError) {
        self.briefConnections = wasOfUse ? 0 : self.briefConnections + 1
        guard self.briefConnections < 2 else {
            return self.backOff(
                failures: self.briefConnections - 1,
                "the connection ended before it answered a call: \(reason.message)"
            )
        }
        // What the server said of itself ends with its connection: the next one may serve.
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
