import Histories
import Scenarios
import Testing

@testable import Drills

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
}
