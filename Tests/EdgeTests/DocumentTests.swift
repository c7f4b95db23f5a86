import Domain
import Edge
import Testing

@Suite("A document of the edge", .timeLimit(.minutes(10)))
struct DocumentTests {
    private let documents = [
        EdgeDocument(path: "/metrics") { _ in
            .init(contentType: "text/plain", bytes: Array("up 1\n".utf8))
        }
    ]

    @Test("is served without asking the handler")
    func get() async throws {
        let probe = Probe()
        let reply = try await withServer(probe, documents: self.documents) {
            try await $0.ask("GET /metrics?x=1")
        }
        #expect(reply.status == "200")
        #expect(reply.header("Content-Type") == "text/plain")
        #expect(reply.body == "up 1\n")
        #expect(await probe.requests.isEmpty)
    }

    @Test("answers HEAD")
    func head() async throws {
        let reply = try await withServer(documents: self.documents) {
            try await $0.ask("HEAD /metrics")
        }
        #expect(reply.header("Content-Length") == "5")
        #expect(reply.body.isEmpty)
    }

    @Test("refuses other methods")
    func post() async throws {
        let reply = try await withServer(documents: self.documents) {
            try await $0.ask("POST /metrics")
        }
        #expect(reply.status == "405")
        #expect(reply.header("Allow") == "GET, HEAD")
    }
}

@Suite("The health endpoint", .timeLimit(.minutes(10)))
struct HealthEndpointTests {
    private struct Report: HealthReporting {
        var services: [ServiceHealth]
        func health() async -> [ServiceHealth] { self.services }
    }

    private func ask(_ start: String, ledger: String = "SERVING") async throws -> Answer {
        let services = [
            ServiceHealth(name: "payment", status: "SERVING"),
            ServiceHealth(name: "ledger", status: ledger),
        ]
        let endpoint = HealthEndpoint(reporting: Report(services: services))
        return try await withServer(handler: endpoint.respond) { peer, _ in
            try await peer.ask(start)
        }
    }

    @Test("answers 200 when all services serve")
    func serving() async throws {
        let reply = try await self.ask("GET /health")
        #expect(reply.status == "200")
        let services = #"{"payment":"SERVING","ledger":"SERVING"}"#
        #expect(reply.body == #"{"status":"SERVING","services":\#(services)}"#)
    }

    @Test("answers 503 when a service does not serve")
    func notServing() async throws {
        let reply = try await self.ask("GET /health", ledger: "NOT_SERVING")
        #expect(reply.status == "503")
        #expect(reply.header("Content-Type") == "application/json")
        #expect(reply.body.contains(#""status":"NOT_SERVING""#))
    }

    @Test("is alive while it answers, and ready when its services serve")
    func liveness() async throws {
        #expect(try await self.ask("GET /health/live", ledger: "NOT_SERVING").status == "200")
        #expect(try await self.ask("GET /health/ready", ledger: "NOT_SERVING").status == "503")
        #expect(try await self.ask("GET /health/ready").status == "200")
    }

    @Test("refuses other paths and methods")
    func others() async throws {
        let unknown = try await self.ask("GET /pay")
        #expect(unknown.status == "404")
        #expect(unknown.body.contains("There is only /health, /health/ready, /health/live here."))
        let reply = try await self.ask("POST /health")
        #expect(reply.status == "405")
        #expect(reply.header("Allow") == "GET, HEAD")
        #expect(reply.header("Content-Type") == "application/problem+json")
    }
}
