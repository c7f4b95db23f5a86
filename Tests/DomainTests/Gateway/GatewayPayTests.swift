import Domain
import StrictJSON
import Testing

@Suite("The gateway: payments")
struct GatewayPayTests {
    let shop: Shop

    init() throws {
        self.shop = try Shop()
    }

    @Test("a payment's answer has six members")
    func paid() async {
        let answer = await self.shop.send("POST", "/pay", .payment())
        #expect(answer.status == 200)
        #expect(answer.contentType == "application/json")
        #expect(answer.headers.isEmpty)
        let expected: JSONValue = [
            "payment_id": .string("pay_5tnqbff9f2zqrvh3kaynkbqsdm"),
            "order_id": .string("order-1"),
            "amount": .integer(1000),
            "currency": .string("EUR"),
            "method": .string("CARD"),
            "status": .string("CAPTURED"),
        ]
        #expect(answer.body == expected)
    }

    @Test("currency and method can be chosen")
    func chosen() async {
        let more: [GatewayRequest.Field] = [
            .init("currency", .string("JPY")), .init("method", .text("WALLET")),
        ]
        let answer = await self.shop.send("POST", "/pay", .payment(and: more))
        #expect(answer.text("currency") == "JPY")
        #expect(answer.text("method") == "WALLET")
    }

    @Test(
        "an amount is plain digits, from JSON or a form",
        arguments: [.number("1"), .number("99999999"), .text("1"), .text("1000")]
            as [GatewayRequest.FieldValue]
    )
    func amounts(value: GatewayRequest.FieldValue) async {
        let fields: [GatewayRequest.Field] = [
            .init("order_id", .text("o")), .init("amount", value),
        ]
        #expect(await self.shop.send("POST", "/pay", fields).status == 200)
    }

    @Test(
        "anything else is not an amount",
        arguments: [
            .number("0"), .number("100000000"), .number("-1"), .number("1.0"), .number("1e2"),
            .number("1E2"), .number("9223372036854775808"), .number("-0"), .number("NaN"),
            .number("99999999999999999999999999999"), .text("+1"), .text("0100"), .text(" 1"),
            .text("1 "), .text(""), .text("1_000"), .text("\u{0661}"), .string("100"), .bool(true),
            .null, .composite,
        ] as [GatewayRequest.FieldValue]
    )
    func badAmounts(value: GatewayRequest.FieldValue) async {
        let fields: [GatewayRequest.Field] = [
            .init("order_id", .text("o")), .init("amount", value),
        ]
        let answer = await self.shop.send("POST", "/pay", fields)
        #expect(answer.status == 400)
        #expect(answer.code == "validation_failed")
        #expect(answer.brokenFields == ["amount"])
    }

    @Test(
        "a text field accepts only texts that satisfy its rule",
        arguments: [
            ("order_id", .number("7")), ("order_id", .string("")), ("order_id", .string("a b")),
            ("order_id", .null), ("currency", .string("eur")), ("currency", .string("")),
            ("currency", .null), ("method", .string("card")), ("method", .bool(true)),
            ("method", .composite),
        ] as [(String, GatewayRequest.FieldValue)]
    )
    func badTexts(name: String, value: GatewayRequest.FieldValue) async {
        var fields: [GatewayRequest.Field] = .payment().filter { $0.name != name }
        fields.append(.init(name, value))
        let answer = await self.shop.send("POST", "/pay", fields)
        #expect(answer.status == 400)
        #expect(answer.brokenFields == [name])
    }

    @Test("all violations are reported at once, in the order of the fields")
    func allViolations() async {
        let fields: [GatewayRequest.Field] = [
            .init("method", .string("cash")), .init("currency", .string("EURO")),
            .init("amount", .number("0")),
        ]
        let answer = await self.shop.send("POST", "/pay", fields, key: "")
        #expect(answer.status == 400)
        let names = ["Idempotency-Key", "order_id", "amount", "currency", "method"]
        #expect(answer.brokenFields == names)
    }

    @Test("a misspelt field is refused, and no money moves")
    func unknownField() async {
        let answer = await self.shop.send(
            "POST",
            "/pay",
            .payment(and: [.init("curency", .string("USD"))])
        )
        #expect(answer.status == 400)
        #expect(answer.code == "unknown_field")
        #expect(answer.brokenFields == ["curency"])
    }

    @Test("an answer repeats at most 64 characters of an unknown field")
    func bounded() async {
        let name = String(repeating: "x", count: 10_000)
        let fields = Array(repeating: GatewayRequest.Field(name, .null), count: 1_000)
        let answer = await self.shop.send("POST", "/pay", fields)
        #expect(answer.brokenFields.count == Problem.violationsMax)
        #expect(answer.brokenFields.allSatisfy { $0.count <= 64 })
    }

    @Test("the same field twice with the same value is accepted, however written")
    func repeated() async {
        let more: [GatewayRequest.Field] = [
            .init("amount", .text("1000")), .init("order_id", .text("order-1")),
        ]
        #expect(await self.shop.send("POST", "/pay", .payment(and: more)).status == 200)
    }

    @Test("the same field twice with different values is refused")
    func ambiguous() async {
        let more: [GatewayRequest.Field] = [
            .init("amount", .text("1001")), .init("amount", .number("1000")),
        ]
        let answer = await self.shop.send("POST", "/pay", .payment(and: more))
        #expect(answer.status == 400)
        #expect(answer.code == "ambiguous_field")
        #expect(answer.brokenFields == ["amount"])
    }
}
