import Listening
import TransportCore

extension ServerConnection {
    /// The shared options of a server's connections.
    struct Environment: Sendable {
        let router: Router
        /// The certificates; nil means plaintext.
        var tls: MutualTLS?
        var limits: TransportLimits
        let timeline: Timeline
        /// The rules for compressing responses; nil compresses none.
        var compression: Compression?
        var settings = NGHTTP2Session.Settings()

        /// The longest time for a peer's preface; a header block may take up to twice as long.
        var patience = Duration.seconds(10)

        /// The longest wait for the peer's answer to the first GOAWAY of a drain, before the
        /// second.
        var drainNotice = Duration.seconds(1)

        /// The age at which connections end; nil means never.
        var age: ConnectionAge?

        /// A source of uniform numbers in 0..<1, for jitter.
        var draw: @Sendable () -> Double = { 0.5 }

        /// The most connections open at once.
        var connectionsMax = 10_000

        /// Counts the connections.
        var listenerWatch = ListenerWatch()

        /// The most handlers running at once per connection, those of reset streams included.
        ///
        /// It is high enough for a caller that cancels many calls at once.
        var handlersMax = 2_000
    }
}

/// The age at which a server ends connections (gRFC A9), so that clients find newer servers.
public struct ConnectionAge: Hashable, Sendable {
    /// The age at which a connection is drained, ±10 %.
    public var maximum: Duration

    /// The time for calls to end after that.
    public var grace: Duration

    /// Creates a limit: connections drain at `maximum` and close `grace` later.
    public init(maximum: Duration, grace: Duration) {
        self.maximum = maximum
        self.grace = grace
    }

    /// Draws the age at which one connection drains; `draw` is uniform in 0..<1.
    func time(draw: Double) -> Duration { self.maximum * (0.9 + 0.2 * draw) }
}
