import Composition
import Domain
import Identity
import StrictJSON
import Testing

@Suite("Paying through the whole system", .timeLimit(.minutes(10)))
struct PaymentTests {
    @Test("an order is paid and can be read", arguments: TransportKind.allCases)
    func paid(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let paid = try await system.pay("order-1", 1_250)
            #expect(paid.outcome == "200")
            #expect(!paid.isReplay)
            #expect(paid.text("order_id") == "order-1")
            #expect(paid.integer("amount") == 1_250)
            #expect(paid.text("currency") == "EUR")
            #expect(paid.text("method") == "CARD")
            #expect(paid.text("status") == "CAPTURED")
            let shown = try await system.send("GET", "/payments/\(paid.text("payment_id"))")
            #expect(shown.outcome == "200")
            #expect(shown.text("payment_id") == paid.text("payment_id"))
            #expect(shown.integer("remaining") == 1_250)
            #expect(shown.body["refunds"] == .array([]))
        }
    }

    @Test("the same order again returns the first answer", arguments: TransportKind.allCases)
    func replayed(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let first = try await system.pay("order-1")
            let second = try await system.pay("order-1")
            #expect(second.isReplay)
            #expect(second.body == first.body)
            let other = try await system.pay("order-1", as: "bob")
            #expect(!other.isReplay)
            #expect(other.text("payment_id") != first.text("payment_id"))
        }
    }

    @Test("the same order with another amount is a conflict", arguments: TransportKind.allCases)
    func orderConflict(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            _ = try await system.pay("order-1", 100)
            let other = try await system.pay("order-1", 101)
            #expect(other.outcome == "409 order_conflict")
            let errors: JSONValue = .array([
                ["field": .string("amount"), "detail": .string("differs from the first request")]
            ])
            #expect(other.body["errors"] == errors)
        }
    }

    @Test(
        "a key replays the same request and refuses other fields",
        arguments: TransportKind.allCases
    )
    func idempotencyKey(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let first = try await system.pay("order-1", 100, key: "key-1")
            let again = try await system.pay("order-1", 100, key: "key-1")
            #expect(again.isReplay && again.body == first.body)
            let amount = try await system.pay("order-1", 101, key: "key-1")
            #expect(amount.outcome == "422 idempotency_key_reused")
            let order = try await system.pay("order-2", 100, key: "key-1")
            #expect(order.outcome == "422 idempotency_key_reused")
            #expect(try await system.pay("order-1", 100, key: "key-2").outcome == "200")
        }
    }

    @Test("another user's or an unknown payment is not found", arguments: TransportKind.allCases)
    func foreignPayment(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let id = try await system.pay("order-1").text("payment_id")
            let foreign = try await system.send("GET", "/payments/\(id)", as: "bob")
            #expect(foreign.outcome == "404 payment_not_found")
            let unknown = try await system.send("GET", "/payments/pay_nothing")
            #expect(unknown.outcome == "404 payment_not_found")
            #expect(unknown.text("detail") == foreign.text("detail"))
        }
    }

    @Test("an administrator sees every payment", arguments: TransportKind.allCases)
    func administrator(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let id = try await system.pay("order-1").text("payment_id")
            let shown = try await system.send(
                "GET",
                "/payments/\(id)",
                as: "root",
                scopes: "payment:read payment:admin"
            )
            #expect(shown.outcome == "200")
        }
    }

    @Test("POST /pay-dynamic runs every action of the catalogue", arguments: TransportKind.allCases)
    func dynamicActions(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let paid = try await system.send(
                "POST",
                "/pay-dynamic",
                ["order_id": "order-1", "amount": "100", "method": "WALLET", "currency": "USD"]
            )
            #expect(paid.outcome == "200")
            #expect(paid.text("currency") == "USD")
            let id = paid.text("payment_id")
            let refunded = try await system.send(
                "POST",
                "/pay-dynamic",
                ["action": "create_refund", "payment_id": id, "amount": "40"]
            )
            #expect(refunded.integer("remaining") == 60)
            let shown = try await system.send(
                "POST",
                "/pay-dynamic",
                ["action": "get_payment", "payment_id": id]
            )
            #expect(shown.integer("remaining") == 60)
            let unknown = try await system.send("POST", "/pay-dynamic", ["action": "steal"])
            #expect(unknown.outcome == "404 unknown_action")
        }
    }

    @Test("invalid fields are named", arguments: TransportKind.allCases)
    func violations(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let refused = try await system.send(
                "POST",
                "/pay",
                ["order_id": "order 1", "amount": "100", "currency": "XXX"]
            )
            #expect(refused.outcome == "400 validation_failed")
            guard case .array(let errors) = refused.body["errors"] else {
                Issue.record("no errors")
                return
            }
            #expect(errors.map { $0["field"] } == [.string("order_id"), .string("currency")])
        }
    }
}
