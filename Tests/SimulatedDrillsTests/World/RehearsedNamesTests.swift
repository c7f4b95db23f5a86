import DrillEngine
import Scenarios
import Simulation
import Testing
import TransportCore

@testable import SimulatedDrills

@Suite("Where names lead")
struct RehearsedNamesTests {
    private static let hosts = ["payment": ["payment-1", "payment-2"], "ledger": ["ledger-1"]]

    private let injector = FaultInjector(
        [FaultPlan(.dnsFail), FaultPlan(.dnsStale)],
        stream: RandomStream(seed: 1, name: "strikes"),
        note: { _ in }
    )
    private let names: RehearsedNames

    init() { self.names = RehearsedNames(Self.hosts, injector: self.injector) }

    /// Nil when the name cannot be looked up.
    private func hosts(_ name: String, for asker: String = "gateway-1") -> [String]? {
        try? self.names.hosts(of: name, for: asker)
    }

    private func begin(_ kind: FaultPlan.Kind, _ scope: FaultPlan.Scope) {
        _ = self.injector.begin(
            ActiveFault(FaultPlan(kind, scope), frozen: self.names.table)
        )
    }

    private func effective() -> Int { self.injector.tallies.map(\.effective).reduce(0, +) }

    @Test("a name leads to the processes of its service, and a process to itself")
    func leads() {
        #expect(self.hosts("payment") == ["payment-1", "payment-2"])
        #expect(self.hosts("payment-2") == ["payment-2"])
    }

    @Test("names follow the processes that come and go (finding c7)")
    func follows() {
        self.names.changed("payment-1", isThere: false)
        #expect(self.hosts("payment") == ["payment-2"])
        self.names.changed("payment-1", isThere: true)
        #expect(self.hosts("payment") == ["payment-1", "payment-2"])
    }

    @Test("a name that leads nowhere is an error that vouches that nothing was sent")
    func isNobody() {
        self.names.changed("ledger-1", isThere: false)
        #expect(throws: RPCError(.unavailable, "no address for ledger", wasNeverProcessed: true)) {
            try self.names.hosts(of: "ledger", for: "payment-1")
        }
    }

    @Test("failing names fail for whom they are aimed at, by asker or by name")
    func fails() {
        self.begin(.dnsFail, .target("gateway"))
        #expect(self.hosts("payment", for: "gateway-1") == nil)
        #expect(self.hosts("ledger", for: "payment-1") == ["ledger-1"])
        self.begin(.dnsFail, .target("ledger"))
        #expect(self.hosts("ledger", for: "payment-1") == nil)
    }

    @Test("stale names lead where they led, and count only when that differs (finding c7)")
    func isStale() {
        self.begin(.dnsStale, .target("payment"))
        #expect(self.hosts("payment") == ["payment-1", "payment-2"])
        #expect(self.effective() == 0)
        self.names.changed("payment-1", isThere: false)
        #expect(self.hosts("payment") == ["payment-1", "payment-2"])
        #expect(self.effective() == 1)
        self.injector.heal()
        #expect(self.hosts("payment") == ["payment-2"])
    }
}
