import Testing

@testable import SimulatedDrills

@Suite("Who is at the end of a link")
struct PartyTests {
    @Test("a process belongs to the group that its name begins with")
    func groups() {
        #expect(Party("payment-2").group == "payment")
        #expect(Party("big-shop-11").group == "big-shop")
        #expect(Party("auditor").group == "auditor")
    }

    @Test("a scenario may mean one process or all of its group, and nothing else")
    func names() {
        let party = Party("payment-2")
        #expect(party.isNamed("payment-2"))
        #expect(party.isNamed("payment"))
        #expect(!party.isNamed("payment-1"))
        #expect(!party.isNamed("pay"))
        #expect(party.isNamed(in: ["ledger", "payment"]))
        #expect(!party.isNamed(in: []))
    }

    @Test("only probes are spared by faults on their way")
    func probes() {
        #expect(Party("probe-payment").isProbe)
        #expect(!Party("payment-1").isProbe)
        #expect(!Party("auditor").isProbe)
    }
}
