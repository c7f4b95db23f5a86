package import Listening
public import NIOPosix
import Synchronization
public import TransportCore

/// gRPC over HTTP/2 with prior knowledge, plaintext or mutual TLS, on nghttp2 and SwiftNIO.
///
/// The event loops belong to the caller, who also ends them, after ``shutdown()``.
public final class HTTP2Transport: Transport {
    /// What can be chosen beside the limits.
    public struct Options: Sendable {
        /// How long one attempt to connect may take.
        public var connectTimeout = Duration.seconds(20)
        /// Waits between attempts to connect.
        public var backoff = ConnectionBackoff()
        /// Rules by which a client pings a silent server.
        public var keepalive = Keepalive()
        /// The most calls that one connection of a server may have open.
        public var streamsMax: UInt32 = 128
        /// The most connections that a server may have open.
        ///
        /// For each that comes one without a call is closed; where all have calls, newcomers wait
        /// in the listen queue.
        public var connectionsMax = 10_000
        /// Counts the connections of all servers.
        package var listenerWatch = ListenerWatch()
        /// When a server ends its connections of old age; nil means never.
        public var connectionAge: ConnectionAge?
        /// What both ends of every connection are known by; nil means plaintext.
        public var tls: MutualTLS?
        /// How messages are compressed; nil means that none is.
        public var compression: Compression? = Compression()
        /// Finds the addresses of a name.
        public var resolver: any NameResolver = SystemResolver()
        /// How long a look-up of a name is good for, give or take a fifth.
        public var resolveInterval = Duration.seconds(5)
        /// Uniform in 0..<1, for jitter.
        public var draw: @Sendable () -> Double = { 0.5 }

        /// The usual: 20 s to connect, gRPC's backoff, pings after 10 s of silence, 128 streams.
        public init() {}
    }

    private let group: MultiThreadedEventLoopGroup
    private let timeline: Timeline
    private let limits: TransportLimits
    private let options: Options
    private let channels = Mutex<[GRPCChannel]>([])

    /// A transport on the loops of `group`.
    public init(
        group: MultiThreadedEventLoopGroup,
        timeline: Timeline,
        limits: TransportLimits = TransportLimits(),
        options: Options = Options()
    ) {
        self.group = group
        self.timeline = timeline
        self.limits = limits
        self.options = options
    }

    /// Listens at `endpoint`.
    ///
    /// - Throws: ``ConfigurationError`` when the endpoint cannot be had.
    public func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        var settings = NGHTTP2Session.Settings()
        settings.streamsMax = self.options.streamsMax
        settings.headerBytesMax = UInt32(clamping: self.limits.metadataBytesMax + 4_096)
        var environment = ServerConnection.Environment(
            router: router,
            limits: self.limits,
            timeline: self.timeline,
            settings: settings
        )
        environment.age = self.options.connectionAge
        environment.connectionsMax = self.options.connectionsMax
        environment.listenerWatch = self.options.listenerWatch
        environment.draw = self.options.draw
        environment.tls = self.options.tls
        environment.compression = self.options.compression
        return try await GRPCServer.start(environment, at: endpoint, group: self.group)
    }

    /// A channel to every address of the endpoint's name.
    ///
    /// Connections are made when calls need them.
    public func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        let environment = Subchannel.Environment(
            endpoint: endpoint,
            config: config,
            limits: self.limits,
            backoff: self.options.backoff,
            keepalive: self.options.keepalive,
            connectTimeout: self.options.connectTimeout,
            resolveInterval: self.options.resolveInterval,
            tls: self.options.tls,
            compression: self.options.compression,
            draw: self.options.draw
        )
        let channel = GRPCChannel(group: self.group, resolver: self.options.resolver, environment)
        self.channels.withLock { $0.append(channel) }
        return channel
    }

    /// Closes every connection of every channel; their calls end with UNAVAILABLE.
    ///
    /// Servers are stopped one by one.
    public func shutdown() async {
        let channels = self.channels.withLock { channels in
            defer { channels.removeAll() }
            return channels
        }
        for channel in channels { channel.stop() }
    }
}
