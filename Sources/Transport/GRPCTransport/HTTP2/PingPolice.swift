import TransportCore

/// Judges a client's keepalive pings (gRFC A8): more than two that come too soon end the connection
/// with `too_many_pings`.
///
/// A8's five minutes with calls and two hours without are for servers on the Internet. Florin's
/// clients ping after ten seconds of silence, and five seconds after a ping at the soonest
/// (``PingWatch``).
struct PingPolice {
    /// The least time between pings, calls or none: half of what Florin's clients keep, since
    /// what is sent five seconds apart may arrive closer together.
    static let intervalMin = PingWatch.probeIntervalMin / 2
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
    mutating func allows(pingAt now: Timeline.Instant) -> Bool {
        defer { self.lastPing = now }
        guard let last = self.lastPing else { return true }
        if last.duration(to: now) < Self.intervalMin { self.strikes += 1 }
        return self.strikes <= Self.strikesMax
    }
}
