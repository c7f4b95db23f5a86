import TransportCore

/// Judges how a client behaves on one connection: floods, pings, half-said things.
///
/// Pure state: time is an argument.
struct PeerConduct {
    enum Verdict: Hashable {
        case fine
        /// The connection must end, and this is said to the peer.
        case over(HTTP2ErrorCode, debug: String)
    }

    private var flood: FloodBudget
    private var pings = PingPolice()
    private var hasSettings = false
    private var sawHeaderBlock = false

    init(now: Timeline.Instant) { self.flood = FloodBudget(now: now) }

    mutating func settingsCame() { self.hasSettings = true }

    mutating func framesCame(_ frames: FrameCounts, now: Timeline.Instant) -> Verdict {
        if frames.useful > 0 { self.pings.sentFrames() }
        return self.flood.spend(frames, now: now)
            ? .fine : .over(.enhanceYourCalm, debug: "too many frames without a call")
    }

    /// A ping came; `usefulSent` frames have been sent since ``framesCame(_:now:)`` was told.
    mutating func pingCame(usefulSent: Int, now: Timeline.Instant) -> Verdict {
        if usefulSent > 0 { self.pings.sentFrames() }
        return self.pings.allows(pingAt: now)
            ? .fine : .over(.enhanceYourCalm, debug: "too_many_pings")
    }

    /// One more time of patience has passed: a preface that is still missing, or a header block
    /// that was unfinished the last time too, took too long.
    mutating func patienceEnded(isInHeaderBlock: Bool) -> Verdict {
        defer { self.sawHeaderBlock = isInHeaderBlock }
        let isStuck = isInHeaderBlock && self.sawHeaderBlock
        return self.hasSettings && !isStuck ? .fine : .over(.protocolError, debug: "too slow")
    }
}
