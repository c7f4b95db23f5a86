import TransportCore

/// Decides when a silent server is a dead one (gRFC A8).
///
/// Silence for ``Keepalive/interval`` is reason for a ping. So is a call that was given up although
/// nothing at all has come since it was sent: further calls wait for the answer, and go elsewhere
/// unless it comes soon; calls that are open keep their own time. Pure state: time is an argument.
struct PingWatch {
    enum Action: Hashable {
        case none
        case ping
        /// Send no further call here.
        case retire
        /// The server is dead.
        case close
    }

    /// How long the answer may take to a ping that a lost call was the reason for.
    static let probeTimeout = Duration.seconds(1)

    /// A server that answered a ping so lately is not asked because of a lost call.
    static let probeIntervalMin = Duration.seconds(5)

    private struct Ping {
        var retireAt: Timeline.Instant?
        let closeAt: Timeline.Instant
    }

    private let keepalive: Keepalive
    private var heardAt: Timeline.Instant
    private var pingedAt: Timeline.Instant?
    private var unanswered: Ping?
    /// Whether silence is not asked about until the next call.
    private var isDormant = false

    init(_ keepalive: Keepalive, now: Timeline.Instant) {
        self.keepalive = keepalive
        self.heardAt = now
    }

    /// When ``timePassed(_:hasCalls:)`` is due; nil: not before a call is sent.
    var dueAt: Timeline.Instant? {
        if let ping = self.unanswered { return ping.retireAt ?? ping.closeAt }
        guard !self.isDormant else { return nil }
        return self.keepalive.interval.map { self.heardAt.advanced(by: $0) }
    }

    /// Whether the last word on this connection is a lost call: others had better wait for the next.
    var isSuspect: Bool { self.unanswered?.retireAt != nil }

    /// Anything that the server says is an answer; true when a ping was waiting for one.
    mutating func heard(at now: Timeline.Instant) -> Bool {
        defer { self.unanswered = nil }
        self.heardAt = now
        return self.unanswered != nil
    }

    /// A call was sent.
    mutating func callStarted(at now: Timeline.Instant) -> Action {
        guard self.isDormant else { return .none }
        self.isDormant = false
        return self.ping(at: now, retireAt: nil)
    }

    /// A call that was sent at `start` was given up: its time was over, or its caller's patience.
    mutating func callGivenUp(sentAt start: Timeline.Instant, at now: Timeline.Instant) -> Action {
        guard let interval = self.keepalive.interval, self.heardAt <= start else { return .none }
        let answerDue = now.advanced(by: min(Self.probeTimeout, self.keepalive.timeout))
        if var ping = self.unanswered {
            ping.retireAt = min(ping.retireAt ?? answerDue, answerDue)
            self.unanswered = ping
            return .none
        }
        let pause = max(Self.probeIntervalMin, interval / 2)
        if let last = self.pingedAt, last.duration(to: now) < pause { return .none }
        return self.ping(at: now, retireAt: answerDue)
    }

    /// Time has passed, perhaps until ``dueAt``.
    mutating func timePassed(_ now: Timeline.Instant, hasCalls: Bool) -> Action {
        if let ping = self.unanswered {
            if ping.closeAt <= now { return .close }
            guard let due = ping.retireAt, due <= now else { return .none }
            self.unanswered?.retireAt = nil
            return .retire
        }
        guard let interval = self.keepalive.interval else { return .none }
        guard self.heardAt.advanced(by: interval) <= now else { return .none }
        self.isDormant = !hasCalls && !self.keepalive.withoutCalls
        return self.isDormant ? .none : self.ping(at: now, retireAt: nil)
    }

    private mutating func ping(at now: Timeline.Instant, retireAt: Timeline.Instant?) -> Action {
        self.pingedAt = now
        self.unanswered = Ping(
            retireAt: retireAt,
            closeAt: now.advanced(by: self.keepalive.timeout)
        )
        return .ping
    }
}
