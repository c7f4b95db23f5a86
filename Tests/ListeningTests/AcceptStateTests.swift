import NIOCore
import Testing

@testable import Listening

@Suite("The decisions of a listener")
struct AcceptStateTests {
    @Test("accept below the bound, and ask a connection to close at the bound")
    func bound() {
        var state = AcceptState(connectionsMax: 2)
        #expect(state.readWanted() == .init(reads: true))
        #expect(state.opened() == .init())
        #expect(state.readWanted() == .init(reads: true))
        #expect(state.opened() == .init())
        #expect(state.readWanted() == .init(evicts: true, notice: .full(connectionsMax: 2)))
        state.evictionBegan()
        #expect(state.readWanted() == .init())
        #expect(state.closed() == .init(reads: true, notice: .roomAgain(evicted: 1)))
    }

    @Test("report a full listener once, until a tenth is free")
    func toldOnce() {
        var state = Self.full(20)
        #expect(state.readWanted().notice == .full(connectionsMax: 20))
        #expect(state.closed() == .init(reads: true))
        _ = state.opened()
        #expect(state.readWanted() == .init(evicts: true))
        #expect(state.closed() == .init(reads: true))
        #expect(state.closed() == .init(notice: .roomAgain(evicted: 0)))
    }

    @Test("look again soon when the connection has work, or none can be spared")
    func declined() {
        var state = Self.full(1)
        #expect(state.readWanted().evicts)
        #expect(state.nobodyWent() == .init(looksAgain: true))
        #expect(state.nobodyWent() == .init())
        #expect(state.lookedAgain() == .init(evicts: true))
        #expect(state.closed().reads)
        #expect(state.lookedAgain() == .init())
    }

    @Test("do not read until connections beyond the bound have closed")
    func surplus() {
        var state = Self.full(2)
        _ = state.opened()
        #expect(state.readWanted().evicts)
        #expect(state.closed() == .init(evicts: true))
        #expect(state.closed().reads)
    }

    @Test("rest when the system refuses, each time twice as long, up to a second")
    func rests() {
        var state = AcceptState(connectionsMax: 9)
        var rests: [TimeAmount?] = []
        for _ in 0..<6 {
            rests.append(state.acceptFailed("EMFILE").rest)
            #expect(state.readWanted() == .init())
            _ = state.nobodyWent()
            #expect(state.restEnded().reads)
        }
        let expected: [Int64] = [100, 200, 400, 800, 1_000, 1_000]
        #expect(rests == expected.map { .milliseconds($0) })
        _ = state.opened()
        #expect(state.acceptFailed("EMFILE").rest == .milliseconds(100))
    }

    @Test("make room when the system refuses, and report its begin and end once each")
    func refusals() {
        var state = Self.full(1)
        let first = state.acceptFailed("EMFILE")
        #expect(first.evicts)
        #expect(first.notice == .acceptFailed("EMFILE"))
        #expect(state.acceptFailed("EMFILE") == .init())
        #expect(state.closed() == .init())
        _ = state.restEnded()
        let second = state.acceptFailed("EMFILE")
        #expect(second.notice == nil)
        #expect(second.rest == .milliseconds(400))
        _ = state.restEnded()
        #expect(state.opened().notice == .acceptsAgain(failures: 3))
        #expect(state.opened().notice == nil)
    }

    /// A listener at its bound of connections.
    private static func full(_ connectionsMax: Int) -> AcceptState {
        var state = AcceptState(connectionsMax: connectionsMax)
        for _ in 0..<connectionsMax { _ = state.opened() }
        return state
    }
}
