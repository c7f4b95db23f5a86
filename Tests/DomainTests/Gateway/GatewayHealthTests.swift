import Domain
import Testing

@Suite("The gateway: health")
struct GatewayHealthTests {
    private func health(_ ledger: String) async throws -> GatewayResponse {
        let shop = try Shop(
            payments: FailingPayments(.unimplemented),
            refunds: FailingRefunds(error: .unimplemented),
            health: [
                ServiceHealth(name: "payment", status: "SERVING"),
                ServiceHealth(name: "ledger", status: ledger),
            ]
        )
        return await shop.send("GET", "/health", as: "nobody")
    }

    @Test("when all services serve it is 200, without a token")
    func serving() async throws {
        let answer = try await self.health("SERVING")
        let expected: GatewayResponse.Value = [
            "status": .string("SERVING"),
            "services": ["payment": .string("SERVING"), "ledger": .string("SERVING")],
        ]
        #expect(answer.status == 200)
        #expect(answer.body == expected)
    }

    @Test("when one does not it is 503, and still no problem document")
    func notServing() async throws {
        let answer = try await self.health("NOT_SERVING")
        let expected: GatewayResponse.Value = [
            "status": .string("NOT_SERVING"),
            "services": ["payment": .string("SERVING"), "ledger": .string("NOT_SERVING")],
        ]
        #expect(answer.status == 503)
        #expect(answer.body == expected)
        #expect(answer.contentType == "application/json")
    }
}
