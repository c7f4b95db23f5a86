import TransportCore

/// The life of a client's connection, without its socket, calls and timers.
///
/// Each input returns the action that its owner performs.
struct ClientConnectionState {
    private enum Phase {
        /// Waiting for the server's SETTINGS.
        case handshaking
        case ready(Ready)
        /// Open calls continue, and no others begin.
        case retired(closesWhenIdle: Bool)
        /// The subchannel has closed the connection and hears no more of it.
        case stopped
    }

    private struct Ready {
        let since: Timeline.Instant
        var streamsMax: Int
        var callsStarted = 0
        var hasAnswered = false
        var hasTurnedCallsAway = false
    }

    enum Action: Equatable {
        case none
        /// Send calls.
        case reportReady
        /// A call that was turned away would fit now.
        case reportRoom
        /// Send no more calls, for this reason.
        case reportRetired(String, wasOfUse: Bool)
    }

    private static let stopReason = "the client is shutting down"
    private static let wornReason = "the connection has carried all the calls that it can"

    private var phase = Phase.handshaking

    /// The number of calls after which the connection is replaced.
    private let callsMax: Int

    /// The time after which a ready connection was of use, even if it has answered no call.
    private let usefulAfter: Duration

    private var failure: String?

    init(callsMax: Int, usefulAfter: Duration) {
        self.callsMax = callsMax
        self.usefulAfter = usefulAfter
    }

    /// The reason why the socket closes.
    var closeReason: String {
        if case .stopped = self.phase { return Self.stopReason }
        return self.failure ?? "the connection was closed"
    }

    /// True when the connection closes once it has no calls.
    var closesWhenIdle: Bool {
        if case .retired(closesWhenIdle: true) = self.phase { true } else { false }
    }

    // MARK: Calls

    /// Returns true when a call may be sent beside `openCalls`; the server is not `silent`.
    mutating func admitsCall(beside openCalls: Int, silent: Bool) -> Bool {
        guard case .ready(var ready) = self.phase else { return false }
        if openCalls < ready.streamsMax, !silent { return true }
        ready.hasTurnedCallsAway = true
        self.phase = .ready(ready)
        return false
    }

    /// A call was sent.
    mutating func callStarted(at now: Timeline.Instant) -> Action {
        guard case .ready(var ready) = self.phase else { return .none }
        ready.callsStarted += 1
        self.phase = .ready(ready)
        return ready.callsStarted < self.callsMax ? .none : self.wornOut(at: now)
    }

    /// The service answered a call.
    mutating func answered() {
        guard case .ready(var ready) = self.phase else { return }
        ready.hasAnswered = true
        self.phase = .ready(ready)
    }

    /// A call has ended, the stream limit has changed, or a silent server was heard.
    mutating func roomChanged(beside openCalls: Int, silent: Bool) -> Action {
        guard case .ready(var ready) = self.phase, ready.hasTurnedCallsAway,
            openCalls < ready.streamsMax, !silent
        else { return .none }
        ready.hasTurnedCallsAway = false
        self.phase = .ready(ready)
        return .reportRoom
    }

    // MARK: The server

    /// The server sent SETTINGS, which allow `streamsMax` calls at once.
    mutating func settingsCame(streamsMax: Int, at now: Timeline.Instant) -> Action {
        switch self.phase {
        case .handshaking:
            self.phase = .ready(Ready(since: now, streamsMax: streamsMax))
            return .reportReady
        case .ready(var ready):
            ready.streamsMax = streamsMax
            self.phase = .ready(ready)
            return .none
        case .retired, .stopped: return .none
        }
    }

    /// The server takes no more calls; `error` is the reason for a GOAWAY that is not graceful.
    mutating func goingAway(_ error: String?, at now: Timeline.Instant) -> Action {
        if let error { self.failure = error }
        return self.retire("the server is going away", closesWhenIdle: false, at: now)
    }

    /// The server has gone silent.
    mutating func wentSilent(at now: Timeline.Instant) -> Action {
        self.retire("the server has gone silent", closesWhenIdle: true, at: now)
    }

    /// The stream ids are used up.
    mutating func wornOut(at now: Timeline.Instant) -> Action {
        self.retire(Self.wornReason, closesWhenIdle: true, at: now)
    }

    // MARK: The socket

    /// A failure for which the owner closes the socket.
    mutating func failed(_ reason: String) { self.failure = reason }

    /// A failure of the socket itself, often the result of an earlier one.
    mutating func socketFailed(_ reason: String) { self.failure = self.failure ?? reason }

    /// The socket is closed.
    mutating func closed(at now: Timeline.Instant) -> Action {
        self.retire(self.closeReason, closesWhenIdle: false, at: now)
    }

    // MARK: The subchannel

    /// Takes no more calls.
    mutating func closeWhenIdle() {
        if case .stopped = self.phase { return }
        self.phase = .retired(closesWhenIdle: true)
    }

    mutating func stop() { self.phase = .stopped }

    private mutating func retire(
        _ reason: String,
        closesWhenIdle: Bool,
        at now: Timeline.Instant
    ) -> Action {
        var wasOfUse = false
        switch self.phase {
        case .stopped: return .none
        case .retired(let before):
            self.phase = .retired(closesWhenIdle: before || closesWhenIdle)
            return .none
        case .handshaking: break
        case .ready(let ready):
            wasOfUse = ready.hasAnswered || ready.since.duration(to: now) >= self.usefulAfter
        }
        self.phase = .retired(closesWhenIdle: closesWhenIdle)
        return .reportRetired(reason, wasOfUse: wasOfUse)
    }
}
