import Checkers
import DrillEngine
import Scenarios
import Simulation
import Synchronization
import Testing

@testable import SimulatedDrills

@Suite("A run of more events than are kept")
struct FullHistoryTests {
    /// The result of a run of whose two events one was kept, and in which no oracle was broken.
    private static func result(searchesOrder: Bool) -> DrillResult {
        var scenario = Scenario(name: "made", about: "A try.")
        scenario.expect.linearizableWithin = searchesOrder ? .seconds(1) : nil
        var history = History(eventsMax: 1)
        for _ in 0..<2 { history.append(HistoryEvent(at: 0, .counted(metric: "a"))) }
        return DrillResult(scenario, nil, [], history, [], [:])
    }

    @Test("oracles saw every event when it happened: what they say counts")
    func judged() { #expect(Self.result(searchesOrder: false) == .pass) }

    @Test("a search for an order needs all of them: nobody knows")
    func searched() {
        let reason = "the history had no room for 1 events"
        #expect(Self.result(searchesOrder: true) == .unknown(reason))
    }

    /// An oracle that notes the places of the events that it sees.
    private struct Places: Oracle {
        let seen: Seen
        var name: String { "places" }

        mutating func observe(
            _ event: HistoryEvent,
            index: Int,
            _ state: CheckerState
        ) -> Violation? {
            self.seen.indices.withLock { $0.append(index) }
            return nil
        }

        mutating func conclude(_ state: CheckerState) -> Verdict { .pass }
    }

    private final class Seen: Sendable { let indices = Mutex<[Int]>([]) }

    @Test("what finds no room has a place of its own, after all that came before")
    func places() {
        let seen = Seen()
        _ = Simulation.run(seed: 1) { simulation in
            let checkers = CheckerSuite([Places(seen: seen)])
            let recorder = HistoryRecorder(
                simulation,
                checkers: checkers,
                eventsMax: 2
            )
            for _ in 0..<5 { recorder.note(.counted(metric: "a")) }
        }
        let indices = seen.indices.withLock { $0 }
        #expect(indices.count == 5)
        #expect(indices == Array(Set(indices)).sorted())
    }
}
