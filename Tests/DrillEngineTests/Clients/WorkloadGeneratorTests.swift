import Checkers
import DrillEngine
import Scenarios
import Simulation
import TestSupport
import Testing

@Suite("What a client does next")
struct WorkloadGeneratorTests {
    private static let paid = Outcome.paid(
        paymentID: "p",
        amount: 50,
        currency: "EUR",
        isReplay: false
    )

    private static func plan(_ change: (inout ClientPlan) -> Void = { _ in }) -> ClientPlan {
        var plan = ClientPlan(name: "shop")
        plan.ops.pay = 2
        plan.ops.refund = 1
        plan.ops.read = 1
        change(&plan)
        return plan
    }

    private static func generator(
        _ plan: ClientPlan,
        client: String = "shop-1"
    ) -> WorkloadGenerator {
        let stream = RandomStream(seed: 1, name: WorkloadGenerator.streamName(of: client))
        return WorkloadGenerator(plan, client: client, stream: stream)
    }

    @Test("a client pays until it was told of a payment")
    func paysFirst() {
        var generator = Self.generator(Self.plan { $0.ops.pay = 0 })
        for _ in 0..<50 {
            guard case .pay = generator.next().0 else {
                Issue.record("there is nothing to refund or to read")
                return
            }
            generator.learn(.unknown(code: "timeout"))
        }
    }

    @Test("operations come in the weights of the plan, and refunds are within their payment")
    func weighs() {
        var generator = Self.generator(Self.plan())
        generator.learn(Self.paid)
        let requests = (0..<4_000).map { _ in generator.next().0 }
        var (pays, reads) = (0, 0)
        var amounts: [Int64?] = []
        for request in requests {
            switch request {
            case .pay: pays += 1
            case .read: reads += 1
            case .refund(_, let amount): amounts.append(amount)
            }
        }
        #expect(pays.isNear(2_000, within: 0.08))
        #expect(reads.isNear(1_000, within: 0.08))
        #expect(amounts.count { $0 == nil }.isNear(amounts.count / 4, within: 0.15))
        #expect(amounts.compactMap(\.self).allSatisfy { (1...50).contains($0) })
    }

    @Test("every write has a key of its own, and reads have none")
    func hasKeys() {
        var generator = Self.generator(Self.plan())
        generator.learn(Self.paid)
        let made = (0..<200).map { _ in generator.next() }
        let keys = made.filter { !$0.0.isRead }.map(\.key)
        #expect(keys.allSatisfy { $0 != nil })
        #expect(Set(keys).count == keys.count)
        #expect(made.filter { $0.0.isRead }.allSatisfy { $0.key == nil })
    }

    @Test("a plan without keys has none")
    func hasNoKeys() {
        var generator = Self.generator(Self.plan { $0.idempotency = .none })
        generator.learn(Self.paid)
        #expect((0..<100).allSatisfy { _ in generator.next().key == nil })
    }

    @Test("clients that share orders ask for the same under the same key")
    func sharesOrders() {
        let plan = Self.plan { $0.sharesOrders = true }
        var keys: [String: Set<String?>] = [:]
        var amounts: [String: Set<Int64>] = [:]
        for client in ["shop-1", "shop-2"] {
            var generator = Self.generator(plan, client: client)
            for _ in 0..<50 {
                let (request, key) = generator.next()
                guard case .pay(let order, let amount, _) = request else { continue }
                keys[order, default: []].insert(key)
                amounts[order, default: []].insert(amount)
            }
        }
        #expect(keys.count == 5)
        #expect(keys.allSatisfy { $0.value.count == 1 })
        #expect(amounts.allSatisfy { $0.value.count == 1 })
    }

    @Test("waits are as long as the plan says on average")
    func waits() {
        var generator = Self.generator(Self.plan { $0.pause = .milliseconds(100) })
        let waits = (0..<4_000).map { _ in generator.pause() / .milliseconds(1) }
        #expect(waits.allSatisfy { (0..<200).contains($0) })
        #expect(waits.mean.isNear(100, within: 0.05))
    }
}
