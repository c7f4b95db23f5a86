import Checkers
import Domain
import DrillEngine
import InMemoryTransport
import Simulation
import StrictJSON
import Synchronization
import Testing
import TransportCore

@testable import SimulatedDrills

@Suite("A client and its tries")
struct WorkloadClientTests {
    /// Pays once while the gateway gives `answers` in turn; returns the outcome and the requests.
    private static func pay(
        _ answers: [GatewayResponse]
    ) throws -> (outcome: Outcome, requests: [GatewayRequest]) {
        try Scene.run { scene in
            let requests = Mutex<[GatewayRequest]>([])
            let method = scene.context.edge.served { request in
                requests.withLock { requests in
                    requests.append(request)
                    return answers[min(requests.count, answers.count) - 1]
                }
            }
            let clock = ProcessClock(scene.simulation.clock)
            let host = scene.context.hosts.make("gateway-1", clock)
            let server = try await host.serve(
                try Router([method], policies: []),
                at: Endpoint(host: "gateway-1", port: RehearsedEdge.port)
            )
            let outcome = await scene.rehearsal.runner.clients[0].perform(
                .pay(orderID: "order-1", amount: 100, currency: "EUR"),
                key: "key-1"
            )
            await server.stop()
            return (outcome, requests.withLock { $0 })
        }
    }

    private static let paid = GatewayResponse(
        status: 200,
        headers: [],
        body: ["payment_id": "pay_1", "amount": 100, "currency": "EUR"]
    )

    private static func problem(_ status: Int, _ code: String, mayRetry: Bool) -> GatewayResponse {
        GatewayResponse(
            status: status,
            headers: [],
            body: ["code": .string(code), "retryable": .bool(mayRetry)]
        )
    }

    private static let refused = problem(401, "invalid_token", mayRetry: false)

    @Test("one whose token is refused gets another, and tries once more with the same key")
    func getsAnotherToken() throws {
        let (outcome, requests) = try Self.pay([Self.refused, Self.paid])
        #expect(outcome.word == "paid pay_1")
        #expect(requests.count == 2)
        #expect(Set(requests.map(\.authorization)).count == 2)
        #expect(requests.map(\.idempotencyKeys) == [["key-1"], ["key-1"]])
    }

    @Test("one whose token is refused twice gives up")
    func givesUp() throws {
        let (outcome, requests) = try Self.pay([Self.refused])
        #expect(outcome == .refused(status: 401, code: "invalid_token"))
        #expect(requests.count == 2)
    }

    @Test("a token that was refused at a later try is not had anew")
    func isRefusedLater() throws {
        let busy = Self.problem(503, "unavailable", mayRetry: true)
        let (outcome, requests) = try Self.pay([busy, Self.refused, Self.paid])
        #expect(outcome == .refused(status: 401, code: "invalid_token"))
        #expect(requests.count == 2)
    }

    @Test("one who does not know what happened asks again with the same token and key")
    func asksAgain() throws {
        let lost = Self.problem(504, "outcome_unknown", mayRetry: true)
        let (outcome, requests) = try Self.pay([lost, lost, Self.paid])
        #expect(outcome.word == "paid pay_1")
        #expect(requests.count == 3)
        #expect(Set(requests.map(\.authorization)).count == 1)
        #expect(Set(requests.map(\.requestID)).count == 3)
    }
}
