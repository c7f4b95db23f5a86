import TransportCore

/// Limits a client's keepalive pings (gRFC A8).
///
/// After more than two that come too soon, the connection must end with `too_many_pings`. A8's five
/// minutes with calls and two hours without are for servers on the Internet. Florin's clients ping
/// after ten seconds of silence, and at least five seconds after the last ping (``PingWatch``).
struct PingPolice {
    /// The least time between pings, with or without calls.
    ///
    /// It is half of what Florin's clients keep, because pings sent five seconds apart may arrive
    /// closer together.
    static let intervalMin = PingWatch.probeIntervalMin / 2
    static let strikesMax = 2

    private var strikes = 0
    private var lastPing: Timeline.Instant?

    /// Forgives earlier pings, because we sent HEADERS or DATA: a peer may then measure the link.
    mutating func sentFrames() {
        self.strikes = 0
        self.lastPing = nil
    }

    /// Records a ping; false when the connection must end.
    mutating func allows(pingAt now: Timeline.Instant) -> Bool {
        defer { self.lastPing = now }
        guard let last = self.lastPing else { return true }
        if last.duration(to: now) < Self.intervalMin { self.strikes += 1 }
        return self.strikes <= Self.strikesMax
    }
}
