import Checkers
import DrillEngine
import Scenarios
import Testing

@testable import LiveDrills

@Suite("The verdicts of a live run")
struct LiveVerdictsTests {
    private func scenario(_ always: [String]) -> Scenario {
        var scenario = Scenario(name: "x", about: "x")
        scenario.expect.always = always
        return scenario
    }

    private func findings(_ events: [HistoryEvent.What]) -> LiveFindings {
        LiveFindings(
            events: events.map { HistoryEvent(at: 0, $0) },
            metrics: ["committed": 3],
            tallies: [],
            elapsed: .seconds(1)
        )
    }

    @Test("what cannot be judged from outside is unknown, and does not spoil the run")
    func unseenIsUnknown() throws {
        let scenario = self.scenario(["gapless", "matches_model"])
        let verdicts = LiveVerdicts(scenario, self.findings([]))
        #expect(verdicts.result == .pass)
        #expect(verdicts.verdicts.map(\.oracle) == ["gapless", "matches_model"])
        guard case .unknown(let reason) = verdicts.verdicts[1].verdict else {
            Issue.record("matches_model was judged")
            return
        }
        #expect(reason.hasPrefix("not judged live"))
    }

    @Test("an acknowledged payment that the journal lacks fails the run")
    func lostPaymentFails() {
        let pay = Operation.Request.pay(orderID: "o", amount: 5, currency: "EUR")
        let operation = Operation(
            id: 0,
            client: "shop-1",
            subject: "shop-1",
            request: pay,
            key: "k"
        )
        let paid = Outcome.paid(paymentID: "p", amount: 5, currency: "EUR", isReplay: false)
        let events: [HistoryEvent.What] = [
            .invoked(operation), .returned(operation: 0, paid),
        ]
        let verdicts = LiveVerdicts(
            self.scenario(["acknowledged_is_durable"]),
            self.findings(events)
        )
        #expect(verdicts.result.word == "fail")
        #expect(verdicts.result.reason?.contains("acknowledged") == true)
    }

    @Test("a wish that only a simulation can count is not missed, any other is")
    func wishes() {
        var scenario = self.scenario([])
        scenario.expect.sometimes = [.metric("duplicate_suppressed", min: 1)]
        #expect(LiveVerdicts(scenario, self.findings([])).result == .pass)
        scenario.expect.sometimes = [.metric("committed", min: 4)]
        #expect(LiveVerdicts(scenario, self.findings([])).result.word == "vacuous")
    }
}
