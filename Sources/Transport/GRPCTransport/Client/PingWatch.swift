import TransportCore

/// Decides when a silent server is dead (gRFC A8).
///
/// The client pings after silence of ``Keepalive/interval``. It also pings when a call was too slow
/// and nothing at all has arrived since that call was sent; new calls then wait for the answer, and
/// go elsewhere if it does not come soon. Open calls keep their own deadlines. Pure state: time is
/// an argument.
struct PingWatch {
    enum Action: Hashable {
        case none
        case ping
        /// Send no further call on this connection.
        case retire
        /// The server is dead.
        case close
    }

    /// The time for the answer to a ping caused by a lost call.
    static let probeTimeout = Duration.seconds(1)

    /// The least time since the last ping before a lost call causes another.
    static let probeIntervalMin = Duration.seconds(5)

    private struct Ping {
        var retireAt: Timeline.Instant?
        let closeAt: Timeline.Instant
    }

    private let keepalive: Keepalive
    private var heardAt: Timeline.Instant
    private var pingedAt: Timeline.Instant?
    private var unanswered: Ping?
    /// True when silence is ignored until the next call.
    private var isDormant = false

    init(_ keepalive: Keepalive, now: Timeline.Instant) {
        self.keepalive = keepalive
        self.heardAt = now
    }

    /// The time at which ``timePassed(_:hasCalls:)`` is due; nil until a call is sent.
    var dueAt: Timeline.Instant? {
        if let ping = self.unanswered { return ping.retireAt ?? ping.closeAt }
        guard !self.isDormant else { return nil }
        return self.keepalive.interval.map { self.heardAt.advanced(by: $0) }
    }

    /// True while the connection has shown nothing since a lost call; new calls should wait.
    var isSuspect: Bool { self.unanswered?.retireAt != nil }

    /// Records that bytes arrived; true when a ping was unanswered.
    mutating func heard(at now: Timeline.Instant) -> Bool {
        defer { self.unanswered = nil }
        self.heardAt = now
        return self.unanswered != nil
    }

    /// Records that a call was sent.
    mutating func callStarted(at now: Timeline.Instant) -> Action {
        guard self.isDormant else { return .none }
        self.isDormant = false
        return self.ping(at: now, retireAt: nil)
    }

    /// Records that a call sent at `start` ended because the server was too slow.
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

    /// Decides at `now`, which may be earlier than ``dueAt``.
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
