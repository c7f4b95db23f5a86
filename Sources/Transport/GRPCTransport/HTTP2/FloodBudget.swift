import TransportCore

/// How much useless work a peer may make us do.
///
/// PING, SETTINGS, empty DATA, PRIORITY, unknown frames, and streams that we have to reset: nghttp2
/// answers or absorbs all of these without end. They are paid from a token bucket, which work that
/// carries calls fills again.
///
/// A receiver chooses when it gives credit (RFC 9113 § 5.2), and a WINDOW_UPDATE gives a byte at
/// least: each byte that was sent pays for two, its stream's and its connection's. Only those that
/// answer no byte are paid from the bucket.
struct FloodBudget {
    static let tokensMax = 2_000
    static let tokensPerSecond: Int64 = 200
    static let tokensPerFault = 10

    /// What a HEADERS or DATA frame earns: a peer may measure the link with a PING for each, change
    /// its SETTINGS by what it found, and give its stream a priority.
    static let tokensPerUsefulFrame = 4

    /// WINDOW_UPDATEs that bytes sent long ago can still pay for.
    static let creditsMax = 1 << 20

    private var tokens = FloodBudget.tokensMax
    private var credits = 0
    private var refilledAt: Timeline.Instant

    init(now: Timeline.Instant) { self.refilledAt = now }

    /// Pays for what the session saw since the last time; false when the peer has used up its
    /// patience.
    mutating func spend(_ frames: FrameCounts, now: Timeline.Instant) -> Bool {
        self.refill(now)
        let cost =
            frames.idle + self.unpaid(frames) + frames.faults * Self.tokensPerFault
            - frames.useful * Self.tokensPerUsefulFrame
        self.tokens = min(Self.tokensMax, self.tokens - cost)
        return self.tokens >= 0
    }

    /// WINDOW_UPDATEs that answer no byte.
    private mutating func unpaid(_ frames: FrameCounts) -> Int {
        let earned = min(frames.bytesSent, Self.creditsMax) * 2
        let left = min(Self.creditsMax, self.credits + earned) - frames.credits
        self.credits = max(0, left)
        return max(0, -left)
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
