import DrillEngine
import Scenarios
import Testing

@testable import LiveDrills

@Suite("What cannot be done to real processes")
struct FeasibilityTests {
    private func obstacle(_ kind: FaultPlan.Kind, _ scope: FaultPlan.Scope) -> String? {
        var scenario = Scenario(name: "x", about: "x")
        scenario.faults = [
            FaultPlan(id: "f", trigger: .at(.zero), kind: kind, scope: scope)
        ]
        return scenario.obstacle
    }

    @Test("the ledger may be cut off, paused and ended, but not lose what it has not synced")
    func ledgerIsEnded() {
        let crash = FaultPlan.Kind.procCrash(restartAfter: .seconds(1), steps: nil)
        #expect(self.obstacle(.netPartition, .target("ledger")) == nil)
        #expect(self.obstacle(.procPause, .target("ledger-1")) == nil)
        #expect(self.obstacle(crash, .target("payment")) == nil)
        for scope in [FaultPlan.Scope.target("ledger-1"), .any("ledger"), .everything] {
            #expect(self.obstacle(crash, scope) == nil)
        }
    }

    @Test("bad tokens of users can be made, those of services cannot")
    func tokensOfUsers() {
        #expect(self.obstacle(.authExpire, .target("shop")) == nil)
        #expect(self.obstacle(.authExpire, .target("shop-2")) == nil)
        for name in ["payment", "payment-1"] {
            #expect(self.obstacle(.authExpire, .target(name))?.contains("services") == true)
        }
    }

    @Test("a fault that needs to see calls is skipped by name")
    func callsAreNotSeen() {
        let lost = FaultPlan.Kind.rpcReplyLoss(method: nil)
        #expect(self.obstacle(lost, .target("ledger"))?.contains("rpc.reply_loss") == true)
        let delay = FaultPlan.Kind.rpcDelay(by: .seconds(1), method: "GetPayment")
        #expect(self.obstacle(delay, .target("payment"))?.contains("method") == true)
        #expect(self.obstacle(.rpcDelay(by: .zero, method: nil), .target("payment")) == nil)
    }

    @Test("links that copy or reorder messages are skipped")
    func linksOfDatagrams() {
        var scenario = Scenario(name: "x", about: "x")
        scenario.links = [LinkRule()]
        scenario.links[0].drop = 0.1
        #expect(scenario.obstacle == nil)
        scenario.links[0].duplicate = 0.1
        #expect(scenario.obstacle?.contains("duplicates") == true)
    }

    @Test("what a scenario requires is skipped where it cannot be had")
    func requirements() {
        var scenario = Scenario(name: "x", about: "x")
        scenario.requires = ["net.partition"]
        #expect(scenario.obstacle == nil)
        scenario.requires.append("disk.full")
        #expect(scenario.obstacle?.contains("disk.full") == true)
    }

    @Test("a delay of calls goes to whom they call, and not to what it calls itself")
    func delayIsOfRequests() {
        let plan = FaultPlan(
            id: "f",
            trigger: .at(.zero),
            kind: .rpcDelay(by: .seconds(1), method: nil),
            scope: .target("payment")
        )
        let (gateway, payment) = (Node("gateway-1"), Node("payment-2"))
        let ledger = Node("ledger-1")
        #expect(plan.kind.isForRequests)
        let fault = ActiveFault(plan: plan, chosen: nil, until: nil, frozen: [:], left: nil)
        #expect(fault.isAimed(atLinkFrom: gateway, to: payment))
        #expect(!fault.isAimed(atLinkFrom: payment, to: ledger))
        #expect(!fault.isAimed(atLinkFrom: Node(FinalCheck.name), to: payment))
    }
}
