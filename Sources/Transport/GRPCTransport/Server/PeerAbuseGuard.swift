import TransportCore

/// Decides whether a client's behaviour ends its connection: floods, pings, incomplete preface or
/// headers.
///
/// Pure state: time is an argument.
struct PeerAbuseGuard {
    enum Verdict: Hashable {
        case fine
        /// The connection must end with this error, which is sent to the peer.
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

    /// Records a ping; `usefulSent` frames have been sent since ``framesCame(_:now:)``.
    mutating func pingCame(usefulSent: Int, now: Timeline.Instant) -> Verdict {
        if usefulSent > 0 { self.pings.sentFrames() }
        return self.pings.allows(pingAt: now)
            ? .fine : .over(.enhanceYourCalm, debug: "too_many_pings")
    }

    /// Handles the end of one interval of patience.
    ///
    /// A missing preface, or a header block that was incomplete at the last interval too, ends the
    /// connection.
    mutating func patienceEnded(isInHeaderBlock: Bool) -> Verdict {
        defer { self.sawHeaderBlock = isInHeaderBlock }
        let isStuck = isInHeaderBlock && self.sawHeaderBlock
        return self.hasSettings && !isStuck ? .fine : .over(.protocolError, debug: "too slow")
    }
}
