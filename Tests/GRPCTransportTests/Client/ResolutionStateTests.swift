import Testing
import TransportCore

@testable import GRPCTransport

@Suite("The state of a channel's look-ups")
struct ResolutionStateTests {
    private typealias State = ResolutionState
    private typealias Action = ResolutionState.Action

    private static let lost = RPCError(.unavailable, "no such name")

    private enum Place: CaseIterable {
        case unresolved
        case resolving
        case resolved
        case backingOff
        case stopped
    }

    /// The state of `place`; a result lasts five seconds.
    private static func state(_ place: Place) -> State {
        var state = State()
        if place == .unresolved { return state }
        _ = state.resolve()
        switch place {
        case .unresolved, .resolving: break
        case .resolved: _ = state.found(due: at(5))
        case .backingOff: _ = state.failed(Self.lost, hasAddresses: false, due: at(5))
        case .stopped: state.stop()
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

    @Test("one look-up runs at a time, and none after the end")
    func resolve() {
        self.expect([.unresolved: .lookUp, .resolved: .lookUp, .backingOff: .lookUp]) {
            $0.resolve()
        }
    }

    @Test("a call looks up a name whose last result is too old")
    func callCame() {
        self.expect([:]) { $0.callCame(at: at(4)) }
        self.expect([.resolved: .lookUp, .backingOff: .lookUp]) { $0.callCame(at: at(5)) }
    }

    @Test("addresses are adopted while they are looked up")
    func found() {
        self.expect([.resolving: .adopt]) { $0.found(due: at(9)) }
    }

    @Test("a failure without addresses is kept, and waited out")
    func failed() {
        self.expect([.resolving: .backOff(failures: 1)]) {
            $0.failed(Self.lost, hasAddresses: false, due: at(9))
        }
        #expect(Self.state(.backingOff).failure == Self.lost)
    }

    @Test("a failure leaves earlier addresses in use until the next look-up is due")
    func failedLater() {
        self.expect([.resolving: .keepAddresses]) {
            $0.failed(Self.lost, hasAddresses: true, due: at(9))
        }
        var state = Self.state(.resolved)
        #expect(state.resolve() == .lookUp)
        #expect(state.failed(Self.lost, hasAddresses: true, due: at(9)) == .keepAddresses)
        #expect(state.failure == nil)
        #expect(state.callCame(at: at(8)) == .none)
        #expect(state.callCame(at: at(9)) == .lookUp)
    }

    @Test("the end of a wait looks the name up for the calls that wait")
    func waitEnded() {
        self.expect([.backingOff: .lookUp]) { $0.waitEnded(hasCalls: true) }
    }

    @Test("the end of a wait without calls clears the failure, and the next call looks up")
    func waitEndedIdle() {
        self.expect([:]) { $0.waitEnded(hasCalls: false) }
        var state = Self.state(.backingOff)
        #expect(state.waitEnded(hasCalls: false) == .none)
        #expect(state.failure == nil)
        #expect(state.resolve() == .lookUp)
    }

    @Test("failures in a row are counted until a look-up returns addresses")
    func failures() {
        var state = Self.state(.backingOff)
        #expect(state.waitEnded(hasCalls: true) == .lookUp)
        #expect(state.failure == Self.lost)
        let action = state.failed(Self.lost, hasAddresses: false, due: at(5))
        #expect(action == .backOff(failures: 2))
        #expect(state.resolve() == .lookUp)
        #expect(state.found(due: at(9)) == .adopt)
        #expect(state.failure == nil)
    }

    @Test("stopping is final")
    func stop() {
        self.expect([:]) { state in
            state.stop()
            #expect(state.isStopped)
            return state.resolve()
        }
    }
}
