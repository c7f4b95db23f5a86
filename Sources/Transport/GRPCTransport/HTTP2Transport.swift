package import Listening
public import NIOPosix
import Synchronization
public import TransportCore

/// gRPC over HTTP/2 with prior knowledge, plaintext or mutual TLS, on nghttp2 and SwiftNIO.
///
/// The caller owns the event loops and ends them after ``shutdown()``.
public final class HTTP2Transport: Transport {
    /// Options besides the limits.
    public struct Options: Sendable {
        /// The longest time of one attempt to connect.
        public var connectTimeout = Duration.seconds(20)
        /// The waits between attempts to connect.
        public var backoff = ConnectionBackoff()
        /// The rules by which a client pings a silent server.
        public var keepalive = Keepalive()
        /// The most open calls per connection of a server.
        public var streamsMax: UInt32 = 128
        /// The most open connections of a server.
        ///
        /// At the bound, a connection without a call is closed for each new one. When all have
        /// calls, new ones wait in the listen queue.
        public var connectionsMax = 10_000
        /// Counts the connections of all servers.
        package var listenerWatch = ListenerWatch()
        /// The age at which a server ends its connections; nil means never.
        public var connectionAge: ConnectionAge?
        /// The certificates for both ends of every connection; nil means plaintext.
        public var tls: MutualTLS?
        /// The rules for compressing messages; nil compresses none.
        public var compression: Compression? = Compression()
        /// Resolves names to addresses.
        public var resolver: any NameResolver = SystemResolver()
        /// The time for which a resolved name is used, ±20 %.
        public var resolveInterval = Duration.seconds(5)
        /// A source of uniform numbers in 0..<1, for jitter.
        public var draw: @Sendable () -> Double = { 0.5 }

        /// Creates the defaults: 20 s to connect, gRPC's backoff, pings after 10 s of silence, 128
        /// streams.
        public init() {}
    }

    private let group: MultiThreadedEventLoopGroup
    private let timeline: Timeline
    private let limits: TransportLimits
    private let options: Options
    private let channels = Mutex<[GRPCChannel]>([])

    /// Creates a transport on the loops of `group`.
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
    /// - Throws: ``ConfigurationError`` when the endpoint is not available.
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

    /// A channel to all addresses of the endpoint's name.
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

    /// Starts to close all connections of all channels; their calls end with UNAVAILABLE.
    ///
    /// Does not wait until they are closed. Servers are stopped separately.
    public func shutdown() async {
        let channels = self.channels.withLock { channels in
            defer { channels.removeAll() }
            return channels
        }
        for channel in channels { channel.stop() }
    }
}
