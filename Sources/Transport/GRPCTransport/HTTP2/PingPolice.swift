import TransportCore

/// Judges a client's keepalive pings (gRFC A8): more than two that come too soon end the connection
/// with `too_many_pings`.
struct PingPolice {
    /// The least time between pings while calls are open, and while none is.
    static let intervalWithCalls = Duration.seconds(300)
    static let intervalIdle = Duration.seconds(7_200)
    static let strikesMax = 2

    private var strikes = 0
    private var lastPing: Timeline.Instant?

    /// We sent HEADERS or DATA: what came before is forgiven, since peers measure the link with
    /// pings then.
    mutating func sentFrames() {
        self.strikes = 0
        self.lastPing = nil
    }

    /// A ping came; false when it was one too many.
    mutating func allows(pingAt now: Timeline.Instant, hasCalls: Bool) -> Bool {
        defer { self.lastPing = now }
        guard let last = self.lastPing else { return true }
        let interval = hasCalls ? Self.intervalWithCalls : Self.intervalIdle
        if last.duration(to: now) < interval { self.strikes += 1 }
        return self.strikes <= Self.strikesMax
    }
}
