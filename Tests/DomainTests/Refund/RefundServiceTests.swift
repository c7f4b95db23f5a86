import Domain
import StorageCore
import Testing

@Suite("The refund service")
struct RefundServiceTests {
    let ledger = Ledger(journal: InMemoryJournal())
    let refunds: RefundService

    init() async throws {
        self.refunds = RefundService(ledger: self.ledger, derivation: Fixture.derivation)
        _ = try await self.ledger.record(try Fixture.capture("pay_1", 1000))
    }

    @Test("a refund is recorded under its derived id")
    func given() async throws {
        let order = try Fixture.refundOrder(of: "pay_1", 400, reason: "late")
        let receipt = try await self.refunds.createRefund(order)
        #expect(receipt.refund.refundID == Fixture.derivation.refundID(for: order))
        #expect(receipt.refund.amount == (try Fixture.amount(400)))
        #expect(receipt.refund.reason.text == "late")
        #expect(receipt.remaining == 600)
        #expect(receipt.status == .succeeded)
    }

    @Test("the same key refunds once; another key refunds more")
    func keys() async throws {
        let order = try Fixture.refundOrder(of: "pay_1", 400)
        let other = try Fixture.refundOrder(of: "pay_1", 400, key: "key-2")
        _ = try await self.refunds.createRefund(order)
        #expect(try await self.refunds.createRefund(order).isReplay)
        #expect(try await self.refunds.createRefund(other).remaining == 200)
    }

    @Test("another refund under the same key is a conflict")
    func conflict() async throws {
        _ = try await self.refunds.createRefund(try Fixture.refundOrder(of: "pay_1", 400))
        let other = try Fixture.refundOrder(of: "pay_1", 401)
        await #expect(throws: DomainError.idempotencyConflict(field: "amount")) {
            try await self.refunds.createRefund(other)
        }
    }

    @Test("racing refunds never exceed the payment")
    func race() async throws {
        let refunds = self.refunds
        let given = await withTaskGroup(of: Int64.self) { group in
            for index in 0..<50 {
                group.addTask {
                    let order = try? Fixture.refundOrder(of: "pay_1", 70, key: "k\(index)")
                    guard let order else { return 0 }
                    let receipt = try? await refunds.createRefund(order)
                    return receipt?.refund.amount.minorUnits ?? 0
                }
            }
            return await group.reduce(0, +)
        }
        #expect(given == 980)
    }

    @Test("a request to the service must have a key")
    func violations() {
        let error = #expect(throws: DomainError.self) {
            try RefundOrder(
                id: "",
                paymentID: "pay_1",
                amount: nil,
                reason: "",
                subject: "alice",
                owner: ""
            )
        }
        guard case .invalid(let violations) = error else { return #expect(Bool(false)) }
        #expect(violations.map(\.field) == ["idempotency_key"])
    }
}
