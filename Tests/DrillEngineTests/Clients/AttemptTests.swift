import Checkers
import Domain
import DrillEngine
import StrictJSON
import Testing

@Suite("What a client makes of an answer")
struct AttemptTests {
    private static func problem(_ status: Int, _ code: String, retryable: Bool = false) -> Attempt {
        Attempt(
            GatewayResponse(
                status: status,
                body: ["code": .string(code), "retryable": .bool(retryable)]
            )
        )
    }

    private static func answer(
        _ members: [JSONObject.Member],
        isReplay: Bool = false
    ) -> Attempt {
        let headers = isReplay ? [GatewayResponse.Header("Idempotency-Replayed", "true")] : []
        return Attempt(
            GatewayResponse(
                status: 200,
                headers: headers,
                body: .object(JSONObject(distinct: members))
            )
        )
    }

    private static let payment: [JSONObject.Member] = [
        .init("payment_id", .string("p")), .init("amount", .integer(500)),
        .init("currency", .string("EUR")),
    ]

    @Test(
        "a payment is read as paid, with its id and whether it was said before",
        arguments: [false, true]
    )
    func readsPayment(_ isReplay: Bool) {
        let attempt = Self.answer(Self.payment, isReplay: isReplay)
        #expect(
            attempt.outcome
                == .paid(paymentID: "p", amount: 500, currency: "EUR", isReplay: isReplay)
        )
        #expect(!attempt.mayRetry)
    }

    @Test("a refund is read with what it moved and what remains")
    func readsRefund() {
        let attempt = Self.answer([
            .init("refund_id", .string("r")), .init("payment_id", .string("p")),
            .init("amount", .integer(200)), .init("remaining", .integer(300)),
        ])
        #expect(
            attempt.outcome
                == .refunded(
                    refundID: "r",
                    paymentID: "p",
                    amount: 200,
                    remaining: 300,
                    isReplay: false
                )
        )
    }

    @Test("a reading is read with its refunds in their order")
    func readsReading() {
        let refunds: [JSONValue] = [("r2", 1), ("r1", 2)].map { id, amount in
            ["refund_id": .string(id), "amount": .integer(amount)]
        }
        let attempt = Self.answer(
            Self.payment + [.init("refunds", .array(refunds)), .init("remaining", .integer(497))]
        )
        guard case .read(let reading) = attempt.outcome else {
            Issue.record("\(attempt.outcome)")
            return
        }
        #expect(reading.refunds.map(\.refundID) == ["r2", "r1"])
        #expect(reading.refunds.map(\.amount) == [1, 2])
        #expect(reading.remaining == 497)
    }

    @Test("a good status with a body that is none of ours leaves the outcome open")
    func readsNonsense() {
        let attempt = Self.answer([.init("hello", .string("world"))])
        // An unreadable body does not tell what happened.
        #expect(attempt.outcome == .unknown(code: "unreadable"))
        #expect(!attempt.mayRetry)
    }

    @Test(
        "a status below 500, and 503, vouch that nothing happened",
        arguments: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503]
    )
    func vouches(_ status: Int) {
        let attempt = Self.problem(status, "some_code")
        #expect(attempt.outcome == .refused(status: status, code: "some_code"))
    }

    @Test(
        "a call that was given up, and other errors of the server, vouch for nothing",
        arguments: [499, 500, 501, 502, 504]
    )
    func vouchesForNothing(_ status: Int) {
        #expect(Self.problem(status, "some_code").outcome == .unknown(code: "some_code"))
    }

    @Test("only an answer that says so invites another try")
    func invites() {
        #expect(Self.problem(503, "unavailable", retryable: true).mayRetry)
        #expect(!Self.problem(503, "unavailable").mayRetry)
        #expect(!Attempt(GatewayResponse(status: 503, body: .null)).mayRetry)
    }

    @Test("only 401 means that the token was refused")
    func isTokenRefused() {
        #expect(Self.problem(401, "unauthenticated").isTokenRefused)
        #expect(!Self.problem(403, "forbidden").isTokenRefused)
        #expect(!Self.answer(Self.payment).isTokenRefused)
    }

    @Test("a bad token was accepted unless 401 or 403 says no, and silence says nothing")
    func judgesBadTokens() {
        func wasAccepted(_ attempt: Attempt) -> Bool? {
            attempt.judgementOfBadToken("r")?.wasAccepted
        }
        #expect(wasAccepted(Self.answer(Self.payment)) == true)
        #expect(wasAccepted(Self.problem(409, "refund_exceeds_remaining")) == true)
        #expect(wasAccepted(Self.problem(401, "unauthenticated")) == false)
        #expect(wasAccepted(Self.problem(403, "forbidden")) == false)
        #expect(wasAccepted(Self.problem(503, "unavailable")) == nil)
        #expect(wasAccepted(Self.problem(504, "outcome_unknown")) == nil)
        let silence = Attempt(outcome: .refused(status: 0, code: "unreachable"), mayRetry: true)
        #expect(wasAccepted(silence) == nil)
    }
}
