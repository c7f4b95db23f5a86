import Domain
import StrictJSON
import Testing

@Suite("The gateway: when a service fails")
struct GatewayFailureTests {
    static let failures: [(error: DomainError, status: Int, code: String, isRetryable: Bool)] = [
        (.invalid([FieldViolation("amount", "is odd")]), 400, "validation_failed", false),
        (.notFound(.payment), 404, "payment_not_found", false),
        (.conflict(field: "amount"), 409, "conflict", false),
        (.orderConflict(field: "amount"), 409, "order_conflict", false),
        (.idempotencyConflict(field: "amount"), 422, "idempotency_key_reused", false),
        (.refundExceedsRemaining(remaining: 3), 409, "refund_exceeds_remaining", false),
        (.alreadyRefunded, 409, "already_refunded", false),
        (.tooManyRefunds(remaining: 3), 409, "too_many_refunds", false),
        (.outcomeUnknown, 504, "outcome_unknown", true),
        (.unavailable(retryAfter: nil), 503, "unavailable", true),
        (.storeFull, 503, "unavailable", true),
        (.overloaded(retryAfter: nil), 503, "overloaded", true),
        (.rateLimited(retryAfter: nil), 429, "rate_limited", true),
        (.unauthenticated, 401, "invalid_token", false),
        (.permissionDenied(scope: "ledger:write"), 403, "insufficient_scope", false),
        (.cancelled, 499, "cancelled", true),
        (.unimplemented, 501, "unimplemented", false),
        (.internalFault, 500, "internal", true),
    ]

    @Test("each error has its status, its code and its retryability", arguments: failures)
    func failure(error: DomainError, status: Int, code: String, isRetryable: Bool) async throws {
        let answer = try await Shop(failing: error).send("POST", "/pay", .payment())
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(answer.body["retryable"] == .bool(isRetryable))
        #expect(answer.contentType == "application/problem+json")
    }

    @Test("an unknown outcome carries the payment's id")
    func unknownPayment() async throws {
        let answer = try await Shop(failing: .outcomeUnknown).send("POST", "/pay", .payment())
        let first = try await Shop().send("POST", "/pay", .payment())
        #expect(answer.text("payment_id") == first.text("payment_id"))
        #expect(answer.body["idempotency_key"] == nil)
    }

    @Test("of a refund, it carries the payment's id and the generated key")
    func unknownRefund() async throws {
        let shop = try Shop(failing: .outcomeUnknown)
        let fields: [GatewayRequest.Field] = .refund(of: "pay_1", amount: "1")
        let keyless = await shop.send("POST", "/refund", fields)
        #expect(keyless.status == 504)
        #expect(keyless.text("payment_id") == "pay_1")
        #expect(keyless.text("idempotency_key") == "fresh-1")
        let keyed = await shop.send("POST", "/refund", fields, key: "k")
        #expect(keyed.text("payment_id") == "pay_1")
        #expect(keyed.body["idempotency_key"] == nil)
    }

    @Test("a retry with that key meets the first refund")
    func settled() async throws {
        let shop = try Shop()
        let payment = await shop.pay(10)
        let fields: [GatewayRequest.Field] = .refund(of: payment, amount: "4")
        let first = await shop.send("POST", "/refund", fields)
        let again = await shop.send("POST", "/refund", fields, key: "fresh-1")
        #expect(again.body == first.body)
        #expect(again.header("Idempotency-Replayed") == "true")
    }

    @Test("an error without effect carries no payment id")
    func definite() async throws {
        let shop = try Shop(failing: .unavailable(retryAfter: nil))
        let answer = await shop.send("POST", "/pay", .payment())
        #expect(answer.status == 503)
        #expect(answer.code == "unavailable")
        #expect(answer.body["payment_id"] == nil)
    }

    @Test(
        "Retry-After is whole seconds, rounded up, 1 to 3600",
        arguments: [
            (nil, "1"), (.zero, "1"), (.seconds(-5), "1"), (.milliseconds(1), "1"),
            (.seconds(2), "2"), (.milliseconds(2001), "3"), (.seconds(1_000_000), "3600"),
            (.milliseconds(3_599_001), "3600"), (.seconds(Int64.max), "3600"),
        ] as [(Duration?, String)]
    )
    func retryAfter(duration: Duration?, header: String) async throws {
        let errors: [DomainError] = [
            .unavailable(retryAfter: duration), .overloaded(retryAfter: duration),
            .rateLimited(retryAfter: duration),
        ]
        for error in errors {
            let answer = try await Shop(failing: error).send("POST", "/pay", .payment())
            #expect(answer.header("Retry-After") == header)
        }
    }

    @Test("each action has its own timeout")
    func timeouts() async throws {
        let shop = try Shop(failing: .unimplemented)
        _ = await shop.send("POST", "/pay", .payment())
        _ = await shop.send("GET", "/payments/pay_1")
        #expect(shop.limits.all == [.seconds(5), .seconds(2)])
    }

    @Test("a scope from a peer cannot break out of the header")
    func madeUpScope() async throws {
        let shop = try Shop(failing: .permissionDenied(scope: "a\", b=\"c\r\n"))
        let challenge = await shop.send("POST", "/pay", .payment()).header("WWW-Authenticate")
        #expect(challenge == #"Bearer realm="florin", error="insufficient_scope", scope="""#)
    }

    @Test("an invalid generated key is an internal error, and nothing is refunded")
    func badRandomSource() async throws {
        let catalogue = try Catalogue(
            [
                .createPayment(
                    over: FailingPayments(error: .unimplemented),
                    derivation: Fixture.derivation,
                    defaultCurrency: try Fixture.currency()
                ),
                .createRefund(over: FailingRefunds(error: .unimplemented)),
                .getPayment(over: FailingPayments(error: .unimplemented)),
            ],
            knownMethods: Shop.knownMethods
        )
        let gateway = try Gateway(
            catalogue: catalogue,
            authenticator: FakeAuthenticator(),
            health: FakeHealth(services: []),
            freshKey: { "" },
            bound: SeenLimits().bound
        )
        let request = GatewayRequest(
            method: "POST",
            path: "/refund",
            authorization: ["Bearer alice/refund:write"],
            fields: .read(.refund(of: "pay_1")),
            requestID: "req-1"
        )
        #expect(await gateway.handle(request).status == 500)
    }
}
