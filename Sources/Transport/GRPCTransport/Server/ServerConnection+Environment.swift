import Listening
import TransportCore

extension ServerConnection {
    /// What every connection of a server shares.
    struct Environment: Sendable {
        let router: Router
        /// nil means plaintext.
        var tls: MutualTLS?
        var limits: TransportLimits
        let timeline: Timeline
        /// How answers are compressed; nil: they are not.
        var compression: Compression?
        var settings = NGHTTP2Session.Settings()

        /// How long a peer may take for its preface, and for one header block.
        var patience = Duration.seconds(10)

        /// How long the peer may take to answer the first GOAWAY of a drain before the second
        /// follows.
        var drainNotice = Duration.seconds(1)

        /// When connections end of old age; nil: never.
        var age: ConnectionAge?

        /// Uniform in 0..<1, for jitter.
        var draw: @Sendable () -> Double = { 0.5 }

        /// The most connections that may be open at once.
        var connectionsMax = 10_000

        /// Counts the connections.
        var listenerWatch = ListenerWatch()

        /// How many handlers may run at once on one connection, those of streams already reset
        /// included: a caller that gives up many calls at once is not turned away for it.
        var handlersMax = 2_000
    }
}

/// When a server ends its connections of old age (gRFC A9), so that clients look for newer servers.
public struct ConnectionAge: Hashable, Sendable {
    /// How old a connection may become, ±10 %, before it is drained.
    public var maximum: Duration

    /// How long calls may go on after that.
    public var grace: Duration

    /// Connections that are drained at `maximum` and closed `grace` later.
    public init(maximum: Duration, grace: Duration) {
        self.maximum = maximum
        self.grace = grace
    }

    /// The age at which one connection ends; `draw` is uniform in 0..<1.
    func time(draw: Double) -> Duration { self.maximum * (0.9 + 0.2 * draw) }
}
