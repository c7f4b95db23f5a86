import Checkers
import DrillEngine
import Scenarios
import Testing

@Suite("Whether a run tried anything")
struct VacuityTests {
    private static func reason(
        _ wishes: [Expectations.Sometimes] = [],
        effective: [Int],
        metrics: [String: Int] = [:]
    ) -> String? {
        Vacuity.reason(
            .made(wishing: wishes),
            DrillRun.made(1, effective: effective).faults,
            metrics
        )
    }

    @Test("a run in which every fault had an effect says something")
    func isFull() { #expect(Self.reason(effective: [1, 7]) == nil) }

    @Test("a run in which one fault had no effect says nothing, and why")
    func isIdle() { #expect(Self.reason(effective: [1, 0]) == "the fault b had no effect") }

    @Test("a run in which no operation of a kind succeeded says nothing, and which")
    func wantsOperations() {
        var client = ClientPlan(name: "shop")
        (client.ops.pay, client.ops.read) = (3, 1)
        var scenario = Scenario(name: "made", about: "A try.")
        scenario.clients = [client]
        #expect(Vacuity.reason(scenario, [], ["read": 2]) == "no payment succeeded")
        #expect(Vacuity.reason(scenario, [], ["paid": 2]) == "no read succeeded")
        #expect(Vacuity.reason(scenario, [], ["paid": 1, "read": 1]) == nil)
    }

    @Test("a fault that was to have effect several times has it")
    func wantsFaults() {
        let wishes = [Expectations.Sometimes.fault("a", effective: 3)]
        #expect(Self.reason(wishes, effective: [3, 1]) == nil)
        #expect(
            Self.reason(wishes, effective: [2, 1]) == "the fault a did not have effect 3 times"
        )
    }

    @Test("a fault that swarming left out is not missed")
    func sparesAbsent() {
        let wishes = [Expectations.Sometimes.fault("left-out", effective: 3)]
        #expect(Self.reason(wishes, effective: [1, 1]) == nil)
    }

    @Test("a metric comes to what was asked for, or the run says nothing")
    func wantsMetrics() {
        let wishes = [Expectations.Sometimes.metric("retried", min: 2)]
        #expect(Self.reason(wishes, effective: [1, 1], metrics: ["retried": 2]) == nil)
        let reason = "retried did not come to 2"
        #expect(Self.reason(wishes, effective: [1, 1], metrics: ["retried": 1]) == reason)
        #expect(Self.reason(wishes, effective: [1, 1]) == reason)
    }
}
