import Checkers
import Scenarios
import SimulatedDrills
import Simulation
import Testing

@Suite("What a client must not get")
struct MischiefTests {
    private static func choices(_ change: (inout ClientPlan) -> Void = { _ in }) -> Choices {
        var plan = ClientPlan(name: "shop")
        plan.mischief = 1
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
        let mischief = Mischief(
            plan,
            subject: "shop-1",
            book,
            stream: RandomStream(seed: 1, name: Mischief.streamName(of: "shop-1"))
        )
        let stream = RandomStream(seed: 1, name: Choices.streamName(of: "shop-1"))
        return Choices(plan, client: "shop-1", stream: stream, mischief: mischief)
    }

    @Test("a plan without mischief has none")
    func isAbsent() {
        let plan = ClientPlan(name: "shop")
        let stream = RandomStream(seed: 1, name: "m")
        #expect(Mischief(plan, subject: "shop-1", OperationBook(), stream: stream) == nil)
    }

    @Test("somebody else's payment is read and refunded, one's own never is")
    func pries() {
        var choices = Self.choices()
        let requests = (0..<200).map { _ in choices.next().0 }
        #expect(requests.contains(.read(paymentID: "pay_ann")))
        #expect(requests.contains(.refund(paymentID: "pay_ann", amount: nil)))
        #expect(requests.contains(.refund(paymentID: "pay_ann", amount: 1)))
        #expect(requests.contains(.refund(paymentID: "pay_nobodys", amount: 1)))
        #expect(!requests.contains(.read(paymentID: "pay_shop-1")))
    }

    @Test("the last key is used again for another amount and for another order")
    func reusesKeys() {
        var choices = Self.choices { $0.mischief = 0.5 }
        var last: (request: Operation.Request, key: String?)?
        var (amounts, orders) = (0, 0)
        for _ in 0..<400 {
            let next = choices.next()
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
        var choices = Self.choices {
            $0.mischief = 0.5
            $0.idempotency = .none
        }
        var amounts: [String: Set<Int64>] = [:]
        for _ in 0..<200 {
            let (request, key) = choices.next()
            #expect(key == nil)
            guard case .pay(let order, let amount, _) = request else { continue }
            amounts[order, default: []].insert(amount)
        }
        #expect(amounts.values.contains { $0.count == 2 })
    }
}
