import TransportCore

/// How much useless work a peer may make us do.
///
/// PING, SETTINGS, empty DATA, PRIORITY, unknown frames, and streams that we have to reset: nghttp2
/// answers or absorbs all of these without end.
///
/// A token bucket; work that carries calls earns tokens, so that a busy peer's WINDOW_UPDATEs never
/// run it dry.
struct FloodBudget {
    static let tokensMax = 2_000
    static let tokensPerSecond: Int64 = 200
    static let tokensPerReset = 10

    private var tokens = FloodBudget.tokensMax
    private var refilledAt: Timeline.Instant

    init(now: Timeline.Instant) { self.refilledAt = now }

    /// Pays for what the session saw since the last time; false when the peer has used up its
    /// patience.
    mutating func spend(idleFrames: Int, resets: Int, useful: Int, now: Timeline.Instant) -> Bool {
        self.refill(now)
        let cost = idleFrames + resets * Self.tokensPerReset - useful * 2
        self.tokens = min(Self.tokensMax, self.tokens - cost)
        return self.tokens >= 0
    }

    private mutating func refill(_ now: Timeline.Instant) {
        let (elapsed, overflow) = now.nanoseconds.subtractingReportingOverflow(
            self.refilledAt.nanoseconds
        )
        guard !overflow, elapsed >= 1_000_000 else { return }
        let earned = min(Int64(Self.tokensMax), elapsed / 1_000_000 * Self.tokensPerSecond / 1_000)
        guard earned > 0 else { return }
        self.tokens = min(Self.tokensMax, self.tokens + Int(earned))
        self.refilledAt = now
    }
}
