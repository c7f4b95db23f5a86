import Listening
import Testing

@testable import GRPCTransport

@Suite("The state of a server's connection")
struct ServerConnectionStateTests {
    private typealias State = ServerConnectionState
    private typealias Action = ServerConnectionState.Action

    private enum Place: CaseIterable {
        case serving
        case noticed
        case announced
        /// The socket is closed, and one handler still runs.
        case closed
        case finished
    }

    private static func state(_ place: Place) -> State {
        var state = State()
        switch place {
        case .serving: break
        case .noticed: _ = state.drain(wait: .seconds(1))
        case .announced:
            _ = state.drain(wait: .seconds(1))
            _ = state.noticeEnded()
        case .closed:
            state.handlerStarted()
            _ = state.socketClosed()
        case .finished: _ = state.socketClosed()
        }
        return state
    }

    /// Expects that an input has the action of `expected` in its states, and none in all others.
    private func expect(
        _ expected: [Place: Action],
        at location: SourceLocation = #_sourceLocation,
        from input: (inout State) -> Action
    ) {
        GRPCTransportTests.expect(
            expected,
            elsewhere: .none,
            in: Self.state,
            at: location,
            from: input
        )
    }

    @Test("a drain sends one notice, and a second drain replaces the wait")
    func drain() {
        let wait = Duration.seconds(9)
        self.expect([.serving: .sendNotice(wait: wait), .noticed: .renewWait(wait)]) {
            $0.drain(wait: wait)
        }
    }

    @Test("the end of the wait sends the second GOAWAY, once, and only after a notice")
    func noticeEnded() {
        self.expect([.noticed: .sendGoAway]) { $0.noticeEnded() }
    }

    @Test("a closed socket finishes a connection without handlers, once")
    func socketClosed() {
        self.expect([.serving: .finish, .noticed: .finish, .announced: .finish]) {
            $0.socketClosed()
        }
    }

    @Test("the last handler finishes a connection whose socket is closed, and no other")
    func handlerEnded() {
        self.expect([.closed: .finish]) { state in
            if state.runningHandlers == 0 { state.handlerStarted() }
            return state.handlerEnded()
        }
    }

    @Test("a connection finishes with the last of several handlers")
    func lastHandler() {
        var state = Self.state(.closed)
        state.handlerStarted()
        #expect(state.runningHandlers == 2)
        #expect(state.handlerEnded() == .none)
        #expect(state.handlerEnded() == .finish)
        #expect(state.runningHandlers == 0)
    }

    @Test("handlers and streams do not delay the GOAWAYs")
    func busyDrain() {
        var state = State()
        state.handlerStarted()
        state.streamsChanged(isBusy: true)
        #expect(state.drain(wait: .seconds(1)) == .sendNotice(wait: .seconds(1)))
        #expect(state.noticeEnded() == .sendGoAway)
        #expect(state.socketClosed() == .none)
    }

    @Test("a connection is unproven until its first stream, then busy or idle")
    func standing() {
        var state = State()
        #expect(state.standing == .unproven)
        state.streamsChanged(isBusy: false)
        #expect(state.standing == .unproven)
        state.streamsChanged(isBusy: true)
        #expect(state.standing == .busy)
        state.streamsChanged(isBusy: false)
        #expect(state.standing == .idle)
    }
}
