import Testing

@testable import DrillEngine

@Suite("Who is at the end of a link")
struct NodeTests {
    @Test("a process belongs to the group that its name begins with")
    func groups() {
        #expect(Node("payment-2").group == "payment")
        #expect(Node("big-shop-11").group == "big-shop")
        #expect(Node("auditor").group == "auditor")
    }

    @Test("a scenario may mean one process or all of its group, and nothing else")
    func names() {
        let node = Node("payment-2")
        #expect(node.isNamed("payment-2"))
        #expect(node.isNamed("payment"))
        #expect(!node.isNamed("payment-1"))
        #expect(!node.isNamed("pay"))
        #expect(node.isNamed(in: ["ledger", "payment"]))
        #expect(!node.isNamed(in: []))
    }

    @Test("only probes are spared by faults on their way")
    func probes() {
        #expect(Node("probe-payment").isProbe)
        #expect(!Node("payment-1").isProbe)
        #expect(!Node("auditor").isProbe)
    }
}
