import Composition
import Domain
import Identity
import StrictJSON
import Testing

@Suite("Refunding through the whole system", .timeLimit(.minutes(10)))
struct RefundTests {
    @Test("refunds add up to the payment and no further", arguments: TransportKind.allCases)
    func cumulative(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let id = try await system.pay("order-1", 100).text("payment_id")
            let first = try await system.refund(id, 30)
            #expect(first.outcome == "200")
            #expect(first.text("status") == "SUCCEEDED")
            #expect(first.integer("remaining") == 70)
            let tooMuch = try await system.refund(id, 71)
            #expect(tooMuch.outcome == "409 refund_exceeds_remaining")
            #expect(tooMuch.integer("remaining") == 70)
            let rest = try await system.refund(id)
            #expect(rest.integer("amount") == 70)
            #expect(rest.integer("remaining") == 0)
            let more = try await system.refund(id, 1)
            #expect(more.outcome == "409 already_refunded")
            #expect(more.integer("remaining") == 0)
            let shown = try await system.send("GET", "/payments/\(id)")
            guard case .array(let refunds) = shown.body["refunds"] else {
                Issue.record("no refunds")
                return
            }
            #expect(refunds.map { $0["amount"] } == [.integer(30), .integer(70)])
        }
    }

    @Test(
        "a key replays the same refund and refuses other fields",
        arguments: TransportKind.allCases
    )
    func idempotencyKey(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let id = try await system.pay("order-1", 100).text("payment_id")
            let first = try await system.refund(id, 30, key: "key-1")
            let again = try await system.refund(id, 30, key: "key-1")
            #expect(again.isReplay && again.body == first.body)
            let other = try await system.refund(id, 31, key: "key-1")
            #expect(other.outcome == "422 idempotency_key_reused")
            let keyless = try await system.refund(id, 30)
            #expect(keyless.integer("remaining") == 40)
        }
    }

    @Test("another user's or an unknown payment is not refunded", arguments: TransportKind.allCases)
    func foreignPayment(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let id = try await system.pay("order-1", 100).text("payment_id")
            let foreign = try await system.refund(id, 10, as: "bob")
            #expect(foreign.outcome == "404 payment_not_found")
            let unknown = try await system.refund("pay_nothing", 10)
            #expect(unknown.outcome == "404 payment_not_found")
            let admin = try await system.refund(
                id,
                10,
                as: "root",
                scopes: "refund:write payment:admin"
            )
            #expect(admin.integer("remaining") == 90)
        }
    }

    @Test("a reason is stored and returned", arguments: TransportKind.allCases)
    func reason(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let id = try await system.pay("order-1", 100).text("payment_id")
            let refunded = try await system.send(
                "POST",
                "/refund",
                ["payment_id": id, "reason": "zu groß 🙂"]
            )
            #expect(refunded.outcome == "200")
            let shown = try await system.send("GET", "/payments/\(id)")
            guard case .array(let refunds) = shown.body["refunds"] else {
                Issue.record("no refunds")
                return
            }
            #expect(refunds.map { $0["reason"] } == [.string("zu groß 🙂")])
        }
    }
}
