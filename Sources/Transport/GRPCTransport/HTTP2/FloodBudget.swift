import TransportCore

/// A limit on the useless work that a peer can cause.
///
/// nghttp2 answers or absorbs any number of PING, SETTINGS, empty DATA, PRIORITY and unknown
/// frames, and of streams that we have to reset. Each takes tokens from a bucket, which frames of
/// calls refill.
///
/// A receiver chooses when to give credit (RFC 9113 § 5.2), at least one byte per WINDOW_UPDATE.
/// Each byte sent therefore pays for two, its stream's and its connection's; only further ones take
/// tokens.
struct FloodBudget {
    static let tokensMax = 2_000
    static let tokensPerSecond: Int64 = 200
    static let tokensPerFault = 10

    /// The tokens earned by a HEADERS or DATA frame sent.
    ///
    /// For each, a peer may measure the link with a PING, adjust its SETTINGS, and set the stream's
    /// priority.
    static let tokensPerUsefulFrame = 4

    /// The most unused WINDOW_UPDATEs that bytes sent earlier can pay for.
    static let creditsMax = 1 << 20

    private var tokens = FloodBudget.tokensMax
    private var credits = 0
    private var refilledAt: Timeline.Instant

    init(now: Timeline.Instant) { self.refilledAt = now }

    /// Pays for the frames since the last call; false when the budget is overdrawn.
    mutating func spend(_ frames: FrameCounts, now: Timeline.Instant) -> Bool {
        self.refill(now)
        let cost =
            frames.idle + self.unpaid(frames) + frames.faults * Self.tokensPerFault
            - frames.useful * Self.tokensPerUsefulFrame
        self.tokens = min(Self.tokensMax, self.tokens - cost)
        return self.tokens >= 0
    }

    /// Counts the WINDOW_UPDATEs for which no byte was sent.
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
