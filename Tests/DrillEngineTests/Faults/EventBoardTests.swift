import Synchronization
import Testing

@testable import DrillEngine

@Suite("Where faults wait for events")
struct EventBoardTests {
    private let board = EventBoard()
    private let struck = Struck()

    /// The names of actions that ran, in order.
    private final class Struck: Sendable {
        private let state = Mutex<[String]>([])

        var names: [String] { self.state.withLock { $0 } }

        func add(_ name: String) { self.state.withLock { $0.append(name) } }
    }

    private func wait(_ event: String, _ nth: Int, _ name: String) {
        let struck = self.struck
        self.board.wait(for: event, nth: nth) { struck.add(name) }
    }

    @Test("whoever waits for the third event is called at the third, on the spot, and once")
    func waits() {
        self.wait("ledger.committed", 3, "a")
        for _ in 1...2 { self.board.note("ledger.committed") }
        #expect(self.struck.names == [])
        self.board.note("ledger.committed")
        #expect(self.struck.names == ["a"])
        for _ in 1...9 { self.board.note("ledger.committed") }
        #expect(self.struck.names == ["a"])
    }

    @Test("other events do not count")
    func counts() {
        self.wait("ledger.committed", 1, "a")
        self.board.note("ledger.received")
        self.board.note("ledger.commit")
        #expect(self.struck.names == [])
    }

    @Test("those who wait for the same event are called in the order in which they came")
    func ordersWaiters() {
        self.wait("e", 1, "first")
        self.wait("e", 2, "late")
        self.wait("e", 1, "second")
        self.board.note("e")
        #expect(self.struck.names == ["first", "second"])
        self.board.note("e")
        #expect(self.struck.names == ["first", "second", "late"])
    }

    @Test("somebody who is called may wait for the next event")
    func waitsAgain() {
        let (board, struck) = (self.board, self.struck)
        board.wait(for: "e", nth: 1) {
            struck.add("outer")
            board.wait(for: "e", nth: 2) { struck.add("inner") }
        }
        // A run with faults always has a waiter, so the board counts all events.
        self.wait("never", 1, "never")
        board.note("e")
        #expect(struck.names == ["outer"])
        board.note("e")
        #expect(struck.names == ["outer", "inner"])
    }
}
