import Domain
import StorageCore
import Testing

@Suite("The payment service")
struct PaymentServiceTests {
    let payments: PaymentService

    init() {
        let ledger = Ledger(journal: InMemoryJournal())
        self.payments = PaymentService(ledger: ledger, derivation: Fixture.derivation)
    }

    @Test("a payment is captured under its derived id")
    func captured() async throws {
        let order = try Fixture.order(method: .bank)
        let receipt = try await self.payments.createPayment(order)
        #expect(receipt.payment.paymentID == Fixture.derivation.paymentID(for: order))
        #expect(receipt.payment.amount == order.amount)
        #expect(receipt.payment.method == .bank)
        #expect(receipt.payment.status == .captured)
        #expect(!receipt.isReplay)
    }

    @Test("the same order again is a replay", arguments: [nil, "key-1"])
    func replay(key: String?) async throws {
        let order = try Fixture.order(key: key)
        let first = try await self.payments.createPayment(order)
        let again = try await self.payments.createPayment(order)
        #expect(again.payment == first.payment)
        #expect(again.isReplay)
    }

    @Test("another order under a key is a conflict of the key; without a key, of the order")
    func conflicts() async throws {
        for order in [try Fixture.order(), try Fixture.order(key: "k")] {
            _ = try await self.payments.createPayment(order)
        }
        let unkeyed = try Fixture.order("order-1", 1)
        await #expect(throws: DomainError.orderConflict(field: "amount")) {
            try await self.payments.createPayment(unkeyed)
        }
        let keyed = try Fixture.order("order-2", key: "k")
        await #expect(throws: DomainError.idempotencyConflict(field: "order_id")) {
            try await self.payments.createPayment(keyed)
        }
    }

    @Test("a thousand racing copies of one order have one effect")
    func race() async throws {
        let order = try Fixture.order(key: "k")
        let payments = self.payments
        let firsts = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    !(try await payments.createPayment(order).isReplay)
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(firsts == 1)
    }

    @Test("a payment is visible to its owner with its refunds, and to no other")
    func shown() async throws {
        let order = try Fixture.order()
        let payment = try await self.payments.createPayment(order).payment
        let history = try await self.payments.payment(payment.paymentID, owner: order.subject)
        #expect(history == PaymentHistory(payment: payment, refunds: [], remaining: 1000))
        let bob = try Subject("bob")
        await #expect(throws: DomainError.notFound(.payment)) {
            try await self.payments.payment(payment.paymentID, owner: bob)
        }
    }

    @Test("a request to the service reports all its violations")
    func violations() throws {
        let euro = try Fixture.currency()
        let error = #expect(throws: DomainError.self) {
            try PaymentOrder(
                orderID: "a b",
                amount: 0,
                currency: "eur",
                method: "card",
                subject: "",
                key: "é",
                defaultCurrency: euro
            )
        }
        guard case .invalid(let violations) = error else { return #expect(Bool(false)) }
        let fields = ["order_id", "amount", "currency", "method", "subject", "idempotency_key"]
        #expect(violations.map(\.field) == fields)
    }
}
