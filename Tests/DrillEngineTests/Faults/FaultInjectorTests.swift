import Checkers
import Scenarios
import Simulation
import Synchronization
import TestSupport
import Testing

@testable import DrillEngine

@Suite("The faults that are on")
struct FaultInjectorTests {
    private static func injector(_ plans: [FaultPlan]) -> FaultInjector {
        FaultInjector(
            plans,
            stream: RandomStream(seed: 1, name: "strikes"),
            note: { _ in }
        )
    }

    private static func plan(chance: Double = 1, times: Int? = nil) -> FaultPlan {
        var plan = FaultPlan(.diskError)
        plan.chance = chance
        plan.times = times
        return plan
    }

    private static func count(_ injector: FaultInjector, of draws: Int) -> Int {
        (0..<draws).count { _ in injector.struck { _ in true } != nil }
    }

    @Test("a fault strikes as often as its chance says")
    func draws() {
        let plan = Self.plan(chance: 0.2)
        let injector = Self.injector([plan])
        _ = injector.begin(ActiveFault(plan))
        let count = Self.count(injector, of: 20_000)
        #expect(count.isNear(4_000, within: 0.06))
        #expect(injector.tallies[0].effective == count)
    }

    @Test("a fault that has struck as often as it may is over")
    func endsAfterTimes() {
        let plan = Self.plan(times: 3)
        let injector = Self.injector([plan])
        _ = injector.begin(ActiveFault(plan))
        #expect(Self.count(injector, of: 10) == 3)
        #expect(injector.tallies[0].effective == 3)
        #expect(!injector.hasOnDisk)
    }

    @Test("what a fault does not change uses up none of its times and does not count")
    func countsEffects() {
        let plan = Self.plan(times: 1)
        let injector = Self.injector([plan])
        _ = injector.begin(ActiveFault(plan))
        for _ in 1...5 { injector.strike(where: { _ in true }, { _ in false }) }
        #expect(injector.tallies[0].effective == 0)
        #expect(injector.struck { _ in false } == nil)
        #expect(injector.struck { _ in true } != nil)
        #expect(injector.struck { _ in true } == nil)
    }

    @Test("the end of one strike leaves the other strike of the same fault on (finding c6)")
    func endsAlone() {
        let plan = Self.plan()
        let injector = Self.injector([plan])
        let first = injector.begin(ActiveFault(plan, chosen: "payment-1"))
        let second = injector.begin(ActiveFault(plan, chosen: "payment-2"))
        #expect(first != second)
        injector.end(first)
        #expect(injector.struck { $0.chosen == "payment-1" } == nil)
        #expect(injector.struck { $0.chosen == "payment-2" } != nil)
        injector.end(second)
        #expect(injector.struck { _ in true } == nil)
    }

    @Test("healing is for good: what begins later does not strike")
    func heals() {
        let plan = Self.plan()
        let injector = Self.injector([plan])
        _ = injector.begin(ActiveFault(plan))
        #expect(!injector.isHealed)
        injector.heal()
        #expect(injector.isHealed)
        _ = injector.begin(ActiveFault(plan))
        #expect(injector.struck { _ in true } == nil)
        #expect(!injector.hasOnDisk)
    }

    @Test("marks are counted for their fault, and told of; reverting does not count")
    func marks() {
        let plans = [FaultPlan(.diskError, id: "a"), FaultPlan(.diskFull, id: "b")]
        let notes = Notes()
        let injector = FaultInjector(
            plans,
            stream: RandomStream(seed: 1, name: "strikes"),
            note: { notes.add($0) }
        )
        injector.mark("b", .armed)
        injector.mark("b", .fired)
        injector.mark("b", .reverted)
        _ = injector.begin(ActiveFault(plans[0]))
        _ = injector.struck { _ in true }
        var (first, second) = (
            FaultTally("a", kind: "disk.error"), FaultTally("b", kind: "disk.full")
        )
        first.effective = 1
        (second.armed, second.fired) = (1, 1)
        #expect(injector.tallies == [first, second])
        #expect(
            notes.all == [
                .fault(id: "b", .armed), .fault(id: "b", .fired), .fault(id: "b", .reverted),
                .fault(id: "a", .effective),
            ]
        )
    }

    @Test("a fault is aimed at what its scope says, and at nobody else")
    func isAimed() {
        func isAimed(_ scope: FaultPlan.Scope, _ name: String, chosen: String? = nil) -> Bool {
            ActiveFault(FaultPlan(.diskError, scope), chosen: chosen).isAimed(at: Node(name))
        }
        #expect(isAimed(.everything, "shop-1"))
        #expect(isAimed(.target("payment"), "payment-2"))
        #expect(!isAimed(.target("payment-1"), "payment-2"))
        #expect(isAimed(.any("payment"), "payment-2", chosen: "payment-2"))
        #expect(!isAimed(.any("payment"), "payment-1", chosen: "payment-2"))
        #expect(!isAimed(.each("payment"), "payment-1"))
        #expect(!isAimed(.between(["payment"], ["ledger"], isOneWay: false), "payment-1"))
    }

    @Test("a partition cuts both ways, unless it is one-way")
    func isAimedBetween() {
        func cuts(_ from: String, _ to: String, isOneWay: Bool) -> Bool {
            let scope = FaultPlan.Scope.between(
                ["payment"],
                ["ledger", "refund"],
                isOneWay: isOneWay
            )
            let fault = ActiveFault(FaultPlan(.netPartition, scope))
            return fault.isAimed(from: Node(from), to: Node(to))
        }
        #expect(cuts("payment-1", "ledger-1", isOneWay: false))
        #expect(cuts("ledger-1", "payment-1", isOneWay: false))
        #expect(cuts("payment-1", "refund-1", isOneWay: true))
        #expect(!cuts("refund-1", "payment-1", isOneWay: true))
        #expect(!cuts("gateway-1", "ledger-1", isOneWay: false))
        #expect(!cuts("refund-1", "ledger-1", isOneWay: false))
    }
}

/// The events that were noted, in order.
private final class Notes: Sendable {
    private let state = Mutex<[HistoryEvent.What]>([])

    var all: [HistoryEvent.What] { self.state.withLock { $0 } }

    func add(_ what: HistoryEvent.What) { self.state.withLock { $0.append(what) } }
}
