import Checkers
import DrillEngine
import Scenarios
import SimulatedDrills
import Testing

@Suite("The end of a client")
struct ClientEndTests {
    private static func scenario(total: Int, end: Duration) -> Scenario {
        var client = ClientPlan(name: "shop")
        (client.count, client.total, client.pause) = (3, total, .seconds(20))
        var scenario = Scenario(name: "few", about: "Three clients with much time.")
        scenario.clients = [client]
        scenario.run.virtualTimeMax = end
        return scenario
    }

    @Test(
        "it leaves after its last operation, without another pause",
        arguments: 1...8 as ClosedRange<UInt64>
    )
    func leaves(seed: UInt64) {
        let run = Drill.run(Self.scenario(total: 3, end: .seconds(300)), seed: seed)
        #expect(run.result == .pass)
        // A pause takes twice its length at most.
        #expect(run.virtualTime < .seconds(45))
    }

    @Test("those that are not done when the time is over give up")
    func giveUp() {
        let run = Drill.run(Self.scenario(total: 300, end: .seconds(100)), seed: 1)
        #expect(run.calls > 0)
        #expect(run.virtualTime < .seconds(150))
    }
}
