import Domain
import StrictJSON
import Testing

@Suite("The gateway: refunds and lookups")
struct GatewayRefundTests {
    let shop: Shop
    let payment: String

    init() async throws {
        self.shop = try Shop()
        self.payment = await self.shop.pay(1000)
    }

    @Test("a refund's answer has six members")
    func refunded() async {
        let more: [GatewayRequest.Field] = [.init("reason", .string("late"))]
        let fields: [GatewayRequest.Field] = .refund(of: self.payment, amount: "400", and: more)
        let answer = await self.shop.send("POST", "/refund", fields, key: "key-1")
        let expected: JSONValue = [
            "refund_id": .string("ref_kqpes9zvmg1eg6nyhxcv7a4hcc"),
            "payment_id": .string(self.payment),
            "amount": .integer(400),
            "currency": .string("EUR"),
            "status": .string("SUCCEEDED"),
            "remaining": .integer(600),
        ]
        #expect(answer.status == 200)
        #expect(answer.body == expected)
    }

    @Test("a refund above the remaining amount is 409 and carries that amount")
    func exceeds() async {
        let answer = await self.shop.send(
            "POST",
            "/refund",
            .refund(of: self.payment, amount: "1001")
        )
        #expect(answer.status == 409)
        #expect(answer.code == "refund_exceeds_remaining")
        #expect(answer.body["remaining"] == .integer(1000))
    }

    @Test("a refund of a refunded payment is 409 with 0 remaining")
    func alreadyRefunded() async {
        _ = await self.shop.send("POST", "/refund", .refund(of: self.payment))
        let answer = await self.shop.send("POST", "/refund", .refund(of: self.payment))
        #expect(answer.status == 409)
        #expect(answer.code == "already_refunded")
        #expect(answer.body["remaining"] == .integer(0))
    }

    @Test("an unknown payment is 404, for refunds and lookups")
    func unknown() async {
        let refund = await self.shop.send("POST", "/refund", .refund(of: "pay_none"))
        let read = await self.shop.send("GET", "/payments/pay_none")
        for answer in [refund, read] {
            #expect(answer.status == 404)
            #expect(answer.code == "payment_not_found")
        }
    }

    @Test("another user's payment is 404 too, except for an admin")
    func ownership() async {
        let path = "/payments/" + self.payment
        let bob = "bob/" + Shop.allScopes
        let fields: [GatewayRequest.Field] = .refund(of: self.payment, amount: "1")
        #expect(await self.shop.send("GET", path, as: bob).code == "payment_not_found")
        #expect(await self.shop.send("POST", "/refund", fields, as: bob).status == 404)
        let admin = bob + "+payment:admin"
        #expect(await self.shop.send("GET", path, as: admin).status == 200)
        #expect(await self.shop.send("POST", "/refund", fields, as: admin).status == 200)
    }

    @Test("a null amount is refused, because it must not refund everything")
    func nullAmount() async {
        let fields: [GatewayRequest.Field] =
            .refund(of: self.payment, and: [.init("amount", .null)])
        #expect(await self.shop.send("POST", "/refund", fields).brokenFields == ["amount"])
    }

    @Test("a reason has no control characters and at most 255 bytes")
    func reasons() async {
        for reason in ["a\u{7}", String(repeating: "é", count: 128)] {
            let fields: [GatewayRequest.Field] =
                .refund(of: self.payment, and: [.init("reason", .string(reason))])
            let answer = await self.shop.send("POST", "/refund", fields)
            #expect(answer.brokenFields == ["reason"])
        }
    }

    @Test("a payment lists its refunds, oldest first", arguments: ["GET", "HEAD"])
    func read(method: String) async {
        let late: [GatewayRequest.Field] = [.init("reason", .string("late"))]
        let first = await self.shop.send(
            "POST",
            "/refund",
            .refund(of: self.payment, amount: "400", and: late)
        )
        let second = await self.shop.send(
            "POST",
            "/refund",
            .refund(of: self.payment, amount: "1")
        )
        let answer = await self.shop.send(method, "/payments/" + self.payment)
        #expect(answer.status == 200)
        #expect(answer.text("payment_id") == self.payment)
        #expect(answer.body["remaining"] == .integer(599))
        let refunds: [JSONValue] = [
            [
                "refund_id": .string(first.text("refund_id")),
                "amount": .integer(400),
                "reason": .string("late"),
            ],
            [
                "refund_id": .string(second.text("refund_id")),
                "amount": .integer(1),
                "reason": .string(""),
            ],
        ]
        #expect(answer.body["refunds"] == .array(refunds))
    }

    @Test("a query must neither contradict the path nor add fields")
    func query() async {
        let path = "/payments/" + self.payment
        let other = await self.shop.send("GET", path, .refund(of: "pay_other"))
        #expect(other.code == "ambiguous_field")
        let more = await self.shop.send("GET", path, [.init("expand", .text("all"))])
        #expect(more.code == "unknown_field")
    }

    @Test("an impossible payment id in the path is 400")
    func badPath() async {
        let answer = await self.shop.send("GET", "/payments/" + String(repeating: "x", count: 65))
        #expect(answer.status == 400)
        #expect(answer.brokenFields == ["payment_id"])
    }
}
