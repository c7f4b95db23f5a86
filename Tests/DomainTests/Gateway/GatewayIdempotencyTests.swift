import Domain
import StrictJSON
import Testing

@Suite("The gateway: idempotency")
struct GatewayIdempotencyTests {
    let shop: Shop

    init() throws {
        self.shop = try Shop()
    }

    @Test(
        "the same payment again returns the first answer, marked as a replay",
        arguments: [nil, "key-1"]
    )
    func replay(key: String?) async {
        let first = await self.shop.send("POST", "/pay", .payment(), key: key)
        let again = await self.shop.send("POST", "/pay", .payment(), key: key)
        #expect(first.header("Idempotency-Replayed") == nil)
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(again.status == 200)
        #expect(again.body == first.body)
    }

    @Test("the same key with other fields is 422 and names the field")
    func reused() async {
        _ = await self.shop.send("POST", "/pay", .payment(), key: "k")
        let answer = await self.shop.send("POST", "/pay", .payment(amount: "1"), key: "k")
        #expect(answer.status == 422)
        #expect(answer.code == "idempotency_key_reused")
        #expect(answer.brokenFields == ["amount"])
        #expect(answer.body["retryable"] == .bool(false))
    }

    @Test("without a key the same order with other fields is 409 and names the field")
    func orderConflict() async {
        _ = await self.shop.send("POST", "/pay", .payment())
        let more: [GatewayRequest.Field] = [.init("method", .string("BANK"))]
        let answer = await self.shop.send("POST", "/pay", .payment(and: more))
        #expect(answer.status == 409)
        #expect(answer.code == "order_conflict")
        #expect(answer.brokenFields == ["method"])
    }

    @Test("a key belongs to its caller")
    func subjects() async {
        let alice = await self.shop.send("POST", "/pay", .payment(), key: "k")
        let token = "bob/" + Shop.allScopes
        let bob = await self.shop.send("POST", "/pay", .payment(amount: "5"), as: token, key: "k")
        #expect(bob.status == 200)
        #expect(bob.text("payment_id") != alice.text("payment_id"))
    }

    @Test("a key belongs to its action, on every route")
    func actions() async {
        let first = await self.shop.send("POST", "/pay", .payment(), key: "k")
        let same = await self.shop.send("POST", "/pay-dynamic", .payment(), key: "k")
        #expect(same.body == first.body)
        #expect(same.header("Idempotency-Replayed") == "true")
        let refund = await self.shop.send(
            "POST",
            "/refund",
            .refund(of: first.text("payment_id")),
            key: "k"
        )
        #expect(refund.status == 200)
        #expect(refund.header("Idempotency-Replayed") == nil)
    }

    @Test(
        "a key may be quoted",
        arguments: [
            ("k", #""k""#), (#"a"b"#, #""a\"b""#), (#"a\b"#, #""a\\b""#), ("a b", #""a b""#),
        ]
    )
    func quoted(bare: String, quoted: String) async {
        _ = await self.shop.send("POST", "/pay", .payment(), key: bare)
        let again = await self.shop.send("POST", "/pay", .payment(), key: quoted)
        #expect(again.header("Idempotency-Replayed") == "true")
    }

    @Test(
        "a malformed key is 400",
        arguments: [
            "", #""""#, #"""#, #""a"#, #""a"b""#, #""a\""#, #""a\n""#, "é", "a\tb",
            String(repeating: "k", count: 256),
        ]
    )
    func malformed(key: String) async {
        let answer = await self.shop.send("POST", "/pay", .payment(), key: key)
        #expect(answer.status == 400)
        #expect(answer.brokenFields == ["Idempotency-Key"])
    }

    @Test("two keys are 400, even when they agree")
    func twoKeys() async {
        let request = GatewayRequest(
            method: "POST",
            path: "/pay",
            authorization: ["Bearer alice/payment:write"],
            idempotencyKeys: ["k", "k"],
            fields: .read(.payment()),
            requestID: "req-1"
        )
        let answer = await self.shop.gateway.handle(request)
        #expect(answer.status == 400)
        #expect(answer.brokenFields == ["Idempotency-Key"])
    }

    @Test("refunds replay with a key, and only then")
    func refunds() async {
        let payment = await self.shop.pay(1000)
        let fields: [GatewayRequest.Field] = .refund(of: payment, amount: "300")
        let one = await self.shop.send("POST", "/refund", fields)
        let two = await self.shop.send("POST", "/refund", fields)
        let three = await self.shop.send("POST", "/refund", fields, key: "k")
        let again = await self.shop.send("POST", "/refund", fields, key: "k")
        #expect(one.body["remaining"] == .integer(700))
        #expect(two.body["remaining"] == .integer(400))
        #expect(three.body["remaining"] == .integer(100))
        #expect(again.body == three.body)
        #expect(again.header("Idempotency-Replayed") == "true")
    }

    @Test("a refund of all that remains replays its first answer")
    func refundOfRest() async {
        let payment = await self.shop.pay(1000)
        let first = await self.shop.send("POST", "/refund", .refund(of: payment), key: "k")
        let again = await self.shop.send("POST", "/refund", .refund(of: payment), key: "k")
        #expect(first.body["amount"] == .integer(1000))
        #expect(again.body == first.body)
        let other = await self.shop.send(
            "POST",
            "/refund",
            .refund(of: payment, amount: "1000"),
            key: "k"
        )
        #expect(other.status == 422)
        #expect(other.brokenFields == ["amount"])
    }
}
