import Testing
import TransportCore

@testable import GRPCTransport

@Suite("The state of a client's connection")
struct ClientConnectionStateTests {
    private typealias State = ClientConnectionState
    private typealias Action = ClientConnectionState.Action

    private enum Place: CaseIterable {
        case handshaking
        case ready
        case retired
        case closingWhenIdle
        case stopped
    }

    /// The state of `place`; SETTINGS came after one second.
    private static func state(_ place: Place) -> State {
        var state = State(callsMax: 100, usefulAfter: .seconds(2))
        if place == .handshaking { return state }
        _ = state.settingsCame(streamsMax: 1, at: at(1))
        switch place {
        case .handshaking, .ready: break
        case .retired: _ = state.goingAway(nil, at: at(1))
        case .closingWhenIdle: state.closeWhenIdle()
        case .stopped: state.stop()
        }
        return state
    }

    private var ready: State { Self.state(.ready) }

    private func expect<Output: Equatable>(
        _ expected: [Place: Output],
        elsewhere usual: Output,
        at location: SourceLocation = #_sourceLocation,
        from input: (inout State) -> Output
    ) {
        GRPCTransportTests.expect(
            expected,
            elsewhere: usual,
            in: Self.state,
            at: location,
            from: input
        )
    }

    // MARK: Calls

    @Test("only a ready connection admits calls")
    func admission() {
        self.expect([.ready: true], elsewhere: false) { $0.admitsCall(beside: 0, silent: false) }
    }

    @Test("a call over the stream limit is turned away, and room for it is reported once")
    func room() {
        var state = self.ready
        #expect(state.settingsCame(streamsMax: 2, at: at(2)) == .none)
        #expect(state.admitsCall(beside: 1, silent: false) == true)
        #expect(state.roomChanged(beside: 1, silent: false) == .none)
        #expect(state.admitsCall(beside: 2, silent: false) == false)
        #expect(state.roomChanged(beside: 2, silent: false) == .none)
        #expect(state.roomChanged(beside: 1, silent: false) == .reportRoom)
        #expect(state.roomChanged(beside: 0, silent: false) == .none)
    }

    @Test("a silent server gets no call until it is heard")
    func silence() {
        var state = self.ready
        #expect(state.admitsCall(beside: 0, silent: true) == false)
        #expect(state.roomChanged(beside: 0, silent: true) == .none)
        #expect(state.roomChanged(beside: 0, silent: false) == .reportRoom)
    }

    @Test("room is reported after a call was turned away, while calls may be sent")
    func roomChanged() {
        self.expect([:], elsewhere: .none) { $0.roomChanged(beside: 0, silent: false) }
        self.expect([.ready: .reportRoom], elsewhere: .none) { state -> Action in
            _ = state.admitsCall(beside: 1, silent: false)
            return state.roomChanged(beside: 0, silent: false)
        }
        var state = self.ready
        #expect(state.admitsCall(beside: 1, silent: false) == false)
        #expect(state.goingAway(nil, at: at(1)) != .none)
        #expect(state.roomChanged(beside: 0, silent: false) == .none)
    }

    @Test("the last call that a connection can carry retires it")
    func callsMax() {
        var state = State(callsMax: 2, usefulAfter: .seconds(2))
        #expect(state.settingsCame(streamsMax: 9, at: at(1)) == .reportReady)
        #expect(state.callStarted(at: at(1)) == .none)
        #expect(!state.closesWhenIdle)
        #expect(state.callStarted(at: at(1)) == Self.worn)
        #expect(state.closesWhenIdle)
        #expect(state.callStarted(at: at(1)) == .none)
        self.expect([:], elsewhere: .none) { $0.callStarted(at: at(1)) }
    }

    // MARK: The server

    @Test("the first SETTINGS make a connection ready, and no others")
    func settings() {
        self.expect([.handshaking: .reportReady], elsewhere: .none) {
            $0.settingsCame(streamsMax: 1, at: at(2))
        }
    }

    @Test("later SETTINGS change the stream limit")
    func streamLimit() {
        var state = self.ready
        #expect(state.admitsCall(beside: 1, silent: false) == false)
        #expect(state.settingsCame(streamsMax: 2, at: at(2)) == .none)
        #expect(state.roomChanged(beside: 1, silent: false) == .reportRoom)
    }

    private static let worn = Action.reportRetired(
        "the connection has carried all the calls that it can",
        wasOfUse: false
    )

    @Test("each way in which a connection retires is reported, once")
    func retirement() {
        let goingAway = Action.reportRetired("the server is going away", wasOfUse: false)
        let silent = Action.reportRetired("the server has gone silent", wasOfUse: false)
        let closed = Action.reportRetired("the connection was closed", wasOfUse: false)
        let inputs: [(Action, (inout State) -> Action)] = [
            (goingAway, { $0.goingAway(nil, at: at(1)) }),
            (goingAway, { $0.goingAway("error 1", at: at(1)) }),
            (silent, { $0.wentSilent(at: at(1)) }),
            (Self.worn, { $0.wornOut(at: at(1)) }),
            (closed, { $0.closed(at: at(1)) }),
        ]
        for (report, input) in inputs {
            self.expect([.handshaking: report, .ready: report], elsewhere: .none, from: input)
        }
    }

    @Test("a worn, a silent and an abandoned connection close when idle")
    func closesWhenIdle() {
        self.expect([.closingWhenIdle: true], elsewhere: false) { $0.closesWhenIdle }
        let inputs: [(inout State) -> Void] = [
            { _ = $0.wentSilent(at: at(1)) }, { _ = $0.wornOut(at: at(1)) },
            { $0.closeWhenIdle() },
        ]
        for input in inputs {
            self.expect([.stopped: false], elsewhere: true) { state -> Bool in
                input(&state)
                return state.closesWhenIdle
            }
        }
    }

    @Test("a GOAWAY leaves the closing to the session, unless that was decided before")
    func goAwayCloses() {
        self.expect([.closingWhenIdle: true], elsewhere: false) { state -> Bool in
            _ = state.goingAway(nil, at: at(1))
            return state.closesWhenIdle
        }
    }

    // MARK: Use

    @Test("a connection was of use when it answered or was ready for long enough")
    func use() {
        func wasOfUse(_ state: State, at now: Timeline.Instant) -> Bool? {
            var state = state
            guard case .reportRetired(_, let wasOfUse) = state.closed(at: now) else { return nil }
            return wasOfUse
        }
        var answered = self.ready
        answered.answered()
        #expect(wasOfUse(answered, at: at(1)) == true)
        #expect(wasOfUse(self.ready, at: at(2)) == false)
        #expect(wasOfUse(self.ready, at: at(3)) == true)
        #expect(wasOfUse(Self.state(.handshaking), at: at(100)) == false)
    }

    // MARK: The end

    @Test("the reason to close is the failure that came before the socket's, or the stop")
    func closeReason() {
        var state = Self.state(.handshaking)
        #expect(state.closeReason == "the connection was closed")
        state.socketFailed("reset by peer")
        #expect(state.closeReason == "reset by peer")
        state.failed("no SETTINGS")
        state.socketFailed("broken pipe")
        #expect(state.closeReason == "no SETTINGS")
        #expect(state.closed(at: at(1)) == .reportRetired("no SETTINGS", wasOfUse: false))
        state.stop()
        #expect(state.closeReason == "the client is shutting down")
    }

    @Test("a GOAWAY with an error is the reason to close, a graceful one is not")
    func goAwayReason() {
        var state = Self.state(.retired)
        #expect(state.closeReason == "the connection was closed")
        #expect(state.goingAway("error 11", at: at(1)) == .none)
        #expect(state.closeReason == "error 11")
    }
}
