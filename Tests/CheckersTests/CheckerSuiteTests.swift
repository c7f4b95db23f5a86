import Checkers
import Testing

@Suite("Juries")
struct CheckerSuiteTests {
    @Test("every name of the registry is an oracle of that name")
    func registry() {
        let all = Oracles.always + Oracles.sometimes + Oracles.eventually
        for name in all {
            #expect(Oracles.named(name)?.name == name)
        }
        #expect(Oracles.named("luck") == nil)
        #expect(Set(all).count == 19)
    }

    @Test("a name that is nobody's is refused")
    func unknownName() {
        #expect(throws: CheckerSuiteError.unknownOracle("luck")) {
            try CheckerSuite(named: ["gapless", "luck"])
        }
    }

    @Test("the first violation of each is kept, and verdicts come in the order of the names")
    func verdicts() throws {
        var checkers = try CheckerSuite(named: ["no_internal", "all_serving", "gapless"])
        let happened: [HistoryEvent.What] = [
            .process(name: "ledger-1", .started), .capture(2), .pay(0), .capture(9),
            .refused(0, .refundExceedsRemaining),
        ]
        let found = happened.events.enumerated().map {
            checkers.observe($0.element, index: $0.offset)
        }
        #expect(found == [false, true, false, false, false])
        let verdicts = checkers.conclude()
        #expect(verdicts.map(\.name) == ["no_internal", "all_serving", "gapless"])
        #expect(verdicts[0].verdict == .pass)
        #expect(
            verdicts[1].verdict == .unknown("ledger-1 was not asked for its health after its start")
        )
        let violation = Violation("entry 2 follows entry 0", witnesses: [1])
        #expect(verdicts[2].verdict == .fail(violation))
    }

    @Test("each oracle is shown the kinds of events that it asks for")
    func kinds() {
        var checkers = CheckerSuite([EventCounter(watches: .tried), EventCounter(watches: .all)])
        let happened: [HistoryEvent.What] = [.link(1, .request, .sent), .attempt(0)]
        var history = History()
        for event in happened.events { history.append(event) }
        checkers.observe(history)
        #expect(checkers.conclude().map(\.verdict) == [.unknown("1"), .unknown("2")])
    }

    private struct EventCounter: Oracle {
        let name = "counter"
        let watches: EventKinds
        var count = 0

        init(watches: EventKinds) { self.watches = watches }

        mutating func observe(
            _ event: HistoryEvent,
            index: Int,
            _ state: CheckerState
        ) -> Violation? {
            self.count += 1
            return nil
        }

        mutating func conclude(_ state: CheckerState) -> Verdict { .unknown("\(self.count)") }
    }
}
