import Testing
import TransportCore

@testable import GRPCTransport

@Suite("The state of the connection to an address")
struct SubchannelStateTests {
    private final class Connection {}

    private typealias State = SubchannelState<Connection>

    private static let lost = RPCError(.unavailable, "lost")
    private static let sick = RPCError(.unavailable, "sick")
    private let connection = Connection()

    private func connecting() -> State {
        var state = State()
        #expect(state.connect() == .connect)
        return state
    }

    private func ready(hasHealthCheck: Bool = false) -> State {
        var state = self.connecting()
        #expect(state.opened(self.connection) == .none)
        let action = state.becameReady(self.connection, hasHealthCheck: hasHealthCheck)
        #expect(action == (hasHealthCheck ? .none : .reportServing))
        return state
    }

    private func backingOff() -> State {
        var state = self.connecting()
        #expect(state.attemptFailed(Self.lost) == .backOff(failures: 1))
        return state
    }

    private func stopped() -> State {
        var state = State()
        #expect(state.stop() == nil)
        return state
    }

    @Test("a call connects an idle address, and no other")
    func connect() {
        var states = [State(), self.connecting(), self.ready(), self.backingOff(), self.stopped()]
        let actions = states.indices.map { states[$0].connect() }
        #expect(actions == [.connect, .none, .none, .none, .none])
    }

    @Test("news from another loop ends the wait of an address that backs off, and of no other")
    func hasten() {
        var states = [State(), self.connecting(), self.ready(), self.backingOff(), self.stopped()]
        let actions = states.indices.map { states[$0].hasten() }
        #expect(actions == [.none, .none, .none, .connect, .none])
        #expect(states[3].failure == nil)
        #expect(states[3].attemptFailed(Self.lost) == .backOff(failures: 1))
    }

    @Test("news from another loop leaves the failure of a server that does not serve")
    func hastenUnhealthy() {
        var state = self.ready(hasHealthCheck: true)
        #expect(state.healthChanged(false, Self.sick) == .reportUnhealthy)
        #expect(state.hasten() == .none)
        #expect(state.failure == Self.sick)
    }

    @Test("the end of a wait begins an attempt, once")
    func waitEnded() {
        var states = [State(), self.connecting(), self.ready(), self.backingOff(), self.stopped()]
        let actions = states.indices.map { states[$0].waitEnded() }
        #expect(actions == [.none, .none, .none, .connect, .none])
        #expect(states[3].waitEnded() == .none)
    }

    @Test("a socket that nobody waits for any more is closed")
    func opened() {
        var states = [self.connecting(), self.stopped()]
        let actions = states.indices.map { states[$0].opened(self.connection) }
        #expect(actions == [.none, .close])
    }

    @Test("failed attempts in a row are counted until one is ready, and fail calls meanwhile")
    func failures() {
        var state = self.backingOff()
        #expect(state.failure == Self.lost)
        #expect(state.waitEnded() == .connect)
        #expect(state.failure == Self.lost)
        #expect(state.attemptFailed(Self.sick) == .backOff(failures: 2))
        #expect(state.failure == Self.sick)
        #expect(state.waitEnded() == .connect)
        #expect(state.becameReady(self.connection, hasHealthCheck: false) == .reportServing)
        #expect(state.failure == nil)
        #expect(state.ended(self.connection, wasOfUse: true, Self.lost) == .reportLost)
        #expect(state.connect() == .connect)
        #expect(state.attemptFailed(Self.lost) == .backOff(failures: 1))
    }

    @Test("an attempt fails only where one is under way")
    func lateFailure() {
        var states = [State(), self.ready(), self.backingOff(), self.stopped()]
        let actions = states.indices.map { states[$0].attemptFailed(Self.lost) }
        #expect(actions == [.none, .none, .none, .none])
        #expect(states[1].ready === self.connection)
    }

    @Test("SETTINGS that come after the end close their connection")
    func readyTooLate() {
        var states = [State(), self.stopped(), self.backingOff()]
        let actions = states.indices.map {
            states[$0].becameReady(self.connection, hasHealthCheck: false)
        }
        #expect(actions == [.close, .close, .close])
    }

    @Test("calls wait for a health report, and each change is reported once")
    func health() {
        var state = self.ready(hasHealthCheck: true)
        #expect(state.ready === self.connection)
        #expect(!state.isServing)
        #expect(state.healthChanged(false, Self.sick) == .reportUnhealthy)
        #expect(state.failure == Self.sick)
        #expect(state.healthChanged(false, Self.sick) == .none)
        #expect(state.healthChanged(true, Self.sick) == .reportServing)
        #expect(state.isServing && state.failure == nil)
        #expect(state.healthChanged(true, Self.sick) == .none)
    }

    @Test("a health report of no ready connection changes nothing")
    func lateHealth() {
        var states = [State(), self.connecting(), self.backingOff(), self.stopped()]
        let actions = states.indices.map { states[$0].healthChanged(false, Self.sick) }
        #expect(actions == [.none, .none, .none, .none])
        #expect(states[0].failure == nil)
    }

    @Test("a connection that ended is made again by the next call")
    func ended() {
        var state = self.ready()
        #expect(state.ended(self.connection, wasOfUse: true, Self.lost) == .reportLost)
        #expect(state.failure == nil && state.ready == nil)
        #expect(state.connect() == .connect)
    }

    @Test("a connection that ends before SETTINGS is a failed attempt")
    func endedEarly() {
        var state = self.connecting()
        let action = state.ended(self.connection, wasOfUse: false, Self.lost)
        #expect(action == .backOff(failures: 1))
    }

    @Test("the second brief connection in a row backs off, and no other loop ends that wait")
    func brief() {
        var state = self.ready()
        #expect(state.ended(self.connection, wasOfUse: false, Self.lost) == .reportLost)
        for failures in 1...3 {
            #expect(state.connect() == (failures == 1 ? .connect : .none))
            #expect(state.becameReady(self.connection, hasHealthCheck: false) == .reportServing)
            let action = state.ended(self.connection, wasOfUse: false, Self.lost)
            #expect(action == .backOff(failures: failures))
            #expect(state.hasten() == .none)
            #expect(state.failure == Self.lost)
            #expect(state.waitEnded() == .connect)
        }
        #expect(state.becameReady(self.connection, hasHealthCheck: false) == .reportServing)
        #expect(state.ended(self.connection, wasOfUse: true, Self.lost) == .reportLost)
        #expect(state.connect() == .connect)
        #expect(state.becameReady(self.connection, hasHealthCheck: false) == .reportServing)
        #expect(state.ended(self.connection, wasOfUse: false, Self.lost) == .reportLost)
    }

    @Test("stopping returns the connection that is to end, and is final")
    func stop() {
        var open = self.connecting()
        #expect(open.opened(self.connection) == .none)
        #expect(open.stop() === self.connection)
        var ready = self.ready()
        #expect(ready.stop() === self.connection)
        #expect(ready.isStopped && ready.ready == nil && !ready.isServing)
        #expect(ready.ended(self.connection, wasOfUse: true, Self.lost) == .none)
        var waiting = self.backingOff()
        #expect(waiting.stop() == nil)
        #expect(waiting.waitEnded() == .none)
    }
}
