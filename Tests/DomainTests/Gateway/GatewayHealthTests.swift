import Domain
import StrictJSON
import Testing

@Suite("The gateway: health")
struct GatewayHealthTests {
    private func ask(
        _ path: String = "/health",
        ledger: String = "SERVING",
        refund: String = "SERVING"
    ) async throws -> GatewayResponse {
        let shop = try Shop(
            payments: FailingPayments(error: .unimplemented),
            refunds: FailingRefunds(error: .unimplemented),
            health: [
                ServiceHealth(name: "ledger", status: ledger),
                ServiceHealth(name: "refund", status: refund, isEssential: false),
            ]
        )
        return await shop.send("GET", path, as: "nobody")
    }

    @Test("when all services serve it is 200, without a token")
    func serving() async throws {
        let answer = try await self.ask()
        let expected: JSONValue = [
            "status": .string("SERVING"),
            "services": ["ledger": .string("SERVING"), "refund": .string("SERVING")],
        ]
        #expect(answer.status == 200)
        #expect(answer.body == expected)
    }

    @Test("when payments cannot be made it is 503, and no problem document")
    func notServing() async throws {
        let answer = try await self.ask(ledger: "NOT_SERVING", refund: "UNREACHABLE")
        let expected: JSONValue = [
            "status": .string("NOT_SERVING"),
            "services": ["ledger": .string("NOT_SERVING"), "refund": .string("UNREACHABLE")],
        ]
        #expect(answer.status == 503)
        #expect(answer.body == expected)
        #expect(answer.contentType == "application/json")
    }

    @Test("without refunds it is degraded, and 200")
    func degraded() async throws {
        let answer = try await self.ask(refund: "UNREACHABLE")
        #expect(answer.status == 200)
        #expect(answer.text("status") == "DEGRADED")
    }

    @Test(
        "readiness covers the services that payments need",
        arguments: [("SERVING", 200), ("UNREACHABLE", 503)]
    )
    func readiness(ledger: String, status: Int) async throws {
        let answer = try await self.ask("/health/ready", ledger: ledger, refund: "UNREACHABLE")
        let services: JSONValue = ["ledger": .string(ledger)]
        #expect(answer.status == status)
        #expect(answer.text("status") == (status == 200 ? "SERVING" : "NOT_SERVING"))
        #expect(answer.body["services"] == services)
    }

    @Test("liveness is 200 whatever is unreachable")
    func liveness() async throws {
        let answer = try await self.ask("/health/live", ledger: "UNREACHABLE")
        #expect(answer.status == 200)
        #expect(answer.text("status") == "SERVING")
    }
}
