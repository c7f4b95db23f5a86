import Checkers
import DrillEngine
import Scenarios
import Simulation
import Testing

@Suite("What a client must not get")
struct InvalidRequestsTests {
    private static func generator(
        _ change: (inout ClientPlan) -> Void = { _ in }
    ) -> WorkloadGenerator {
        var plan = ClientPlan(name: "shop")
        plan.invalidRequestChance = 1
        change(&plan)
        let book = OperationBook()
        for (id, subject) in [(1, "ann"), (2, "shop-1")] {
            let operation = Operation(
                id: id,
                client: subject,
                subject: subject,
                request: .pay(orderID: "o", amount: 1, currency: "EUR"),
                key: nil
            )
            let paymentID = "pay_\(subject)"
            book.ended(
                operation,
                .paid(paymentID: paymentID, amount: 1, currency: "EUR", isReplay: false)
            )
        }
        let invalidRequests = InvalidRequests(
            plan,
            subject: "shop-1",
            book,
            stream: RandomStream(seed: 1, name: InvalidRequests.streamName(of: "shop-1"))
        )
        let stream = RandomStream(seed: 1, name: WorkloadGenerator.streamName(of: "shop-1"))
        return WorkloadGenerator(
            plan,
            client: "shop-1",
            stream: stream,
            invalidRequests: invalidRequests
        )
    }

    @Test("a plan without invalid requests makes none")
    func isAbsent() {
        let plan = ClientPlan(name: "shop")
        let stream = RandomStream(seed: 1, name: "m")
        #expect(InvalidRequests(plan, subject: "shop-1", OperationBook(), stream: stream) == nil)
    }

    @Test("somebody else's payment is read and refunded, one's own never is")
    func pries() {
        var generator = Self.generator()
        let requests = (0..<200).map { _ in generator.next().0 }
        #expect(requests.contains(.read(paymentID: "pay_ann")))
        #expect(requests.contains(.refund(paymentID: "pay_ann", amount: nil)))
        #expect(requests.contains(.refund(paymentID: "pay_ann", amount: 1)))
        #expect(requests.contains(.refund(paymentID: "pay_nobodys", amount: 1)))
        #expect(!requests.contains(.read(paymentID: "pay_shop-1")))
    }

    @Test("the last key is used again for another amount and for another order")
    func reusesKeys() {
        var generator = Self.generator { $0.invalidRequestChance = 0.5 }
        var last: (request: Operation.Request, key: String?)?
        var (amounts, orders) = (0, 0)
        for _ in 0..<400 {
            let next = generator.next()
            if case .pay(let order, let amount, _) = next.0, let last, last.key == next.key,
                case .pay(let lastOrder, let lastAmount, _) = last.request
            {
                #expect(next.0 != last.request)
                amounts += order == lastOrder && amount != lastAmount ? 1 : 0
                orders += order != lastOrder && amount == lastAmount ? 1 : 0
            } else if case .pay = next.0 {
                last = (next.0, next.key)
            }
        }
        #expect(amounts > 5 && orders > 5)
    }

    @Test("without keys the last order is used again for another amount")
    func reusesOrders() {
        var generator = Self.generator {
            $0.invalidRequestChance = 0.5
            $0.idempotency = .none
        }
        var amounts: [String: Set<Int64>] = [:]
        for _ in 0..<200 {
            let (request, key) = generator.next()
            #expect(key == nil)
            guard case .pay(let order, let amount, _) = request else { continue }
            amounts[order, default: []].insert(amount)
        }
        #expect(amounts.values.contains { $0.count == 2 })
    }
}
