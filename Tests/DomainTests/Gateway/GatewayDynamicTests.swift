import Domain
import Testing

@Suite("The gateway: actions by name")
struct GatewayDynamicTests {
    let shop: Shop

    init() throws {
        self.shop = try Shop()
    }

    private func dynamic(
        _ action: String?,
        _ fields: [GatewayRequest.Field],
        as token: String = "alice/" + Shop.allScopes
    ) async -> GatewayResponse {
        let named = action.map { [GatewayRequest.Field("action", .string($0))] } ?? []
        return await self.shop.send("POST", "/pay-dynamic", named + fields, as: token)
    }

    @Test("without an action it is a payment", arguments: [nil, "create_payment"])
    func createPayment(action: String?) async {
        let answer = await self.dynamic(action, .payment())
        #expect(answer.status == 200)
        #expect(answer.text("status") == "CAPTURED")
    }

    @Test("every action of the catalogue runs as on its own route")
    func sameMechanism() async {
        let payment = await self.shop.pay(1000)
        let refund = await self.dynamic("create_refund", .refund(of: payment, amount: "1"))
        #expect(refund.text("status") == "SUCCEEDED")
        let shown = await self.dynamic("get_payment", [.init("payment_id", .string(payment))])
        let read = await self.shop.send("GET", "/payments/" + payment)
        #expect(shown.body == read.body)
        #expect(shown.status == read.status)
    }

    @Test("an unknown action is 404 for callers with a token")
    func unknown() async {
        let answer = await self.dynamic("drop_tables", .payment())
        #expect(answer.status == 404)
        #expect(answer.code == "unknown_action")
        #expect(await self.dynamic("drop_tables", [], as: "bad").status == 401)
    }

    @Test("the required scope is the action's")
    func scope() async {
        let token = "alice/payment:write"
        let answer = await self.dynamic("create_refund", .refund(of: "pay_1"), as: token)
        #expect(answer.status == 403)
        let challenge = answer.header("WWW-Authenticate") ?? ""
        #expect(challenge.hasSuffix(#"scope="refund:write""#))
    }

    @Test("a malformed action, or two of them, is 400")
    func badNames() async {
        for value in [.number("1"), .null, .string("")] as [GatewayRequest.FieldValue] {
            let fields: [GatewayRequest.Field] = [.init("action", value)]
            let answer = await self.shop.send("POST", "/pay-dynamic", fields)
            #expect(answer.status == 400)
            #expect(answer.brokenFields == ["action"])
        }
        let twice: [GatewayRequest.Field] = [.init("action", .text("get_payment"))]
        #expect(await self.dynamic("create_payment", twice).code == "ambiguous_field")
    }

    @Test("another action's field is unknown, and a fixed route has no field called action")
    func otherFields() async {
        let payment = await self.dynamic("create_payment", .payment(and: .refund(of: "pay_1")))
        #expect(payment.brokenFields == ["payment_id"])
        let named: [GatewayRequest.Field] = [.init("action", .string("create_payment"))]
        let fixed = await self.shop.send("POST", "/pay", .payment(and: named))
        #expect(fixed.brokenFields == ["action"])
    }
}
