import SwiftProtobuf
import Testing
import TransportCore
import TransportMessages

private typealias CheckRequest = Grpc_Health_V1_HealthCheckRequest
private typealias CheckResponse = Grpc_Health_V1_HealthCheckResponse

@Suite("the health service")
struct HealthServiceTests {
    private let registry = HealthRegistry(services: ["a"])

    private func call(
        _ method: String,
        timeline: Timeline = TestClock.frozen,
        sink: (any ResponseSink)? = nil
    ) throws -> ServedCall {
        let methods = HealthService.methods(self.registry, timeline: timeline)
        return try ServedCall("grpc.health.v1.Health/\(method)", of: methods, sink: sink)
    }

    private func request(_ service: String) -> CheckRequest { .with { $0.service = service } }

    /// Expects `status` as the next response.
    private func expect(
        _ status: CheckResponse.ServingStatus,
        from call: ServedCall,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let response = try await call.next(CheckResponse.self)
        #expect(response?.status == status, sourceLocation: location)
    }

    @Test("Check answers the status of a service and of the server", arguments: ["a", ""])
    func checks(_ service: String) async throws {
        self.registry.set("a", .serving)
        let call = try self.call("Check")
        try call.ask(self.request(service))
        #expect(try await call.run().get().isEmpty)
        try await self.expect(.serving, from: call)
    }

    @Test("Check of an unknown service is NOT_FOUND")
    func checksUnknown() async throws {
        let call = try self.call("Check")
        try call.ask(self.request("b"))
        let result = await call.run()
        #expect(throws: RPCError(.notFound, "no service 'b' here")) { try result.get() }
    }

    @Test("List answers the server and every service, in the same bytes every time")
    func lists() async throws {
        for name in 0..<50 { self.registry.set("service \(name)", .serving) }
        var answers: Set<[UInt8]> = []
        for _ in 0..<3 {
            let call = try self.call("List")
            try call.ask(Grpc_Health_V1_HealthListRequest())
            #expect(try await call.run().get().isEmpty)
            answers.insert(try #require(try await call.responses.next()))
        }
        #expect(answers.count == 1)
        let bytes = try #require(answers.first)
        let statuses = try Grpc_Health_V1_HealthListResponse(serializedBytes: bytes).statuses
        #expect(statuses.count == 52)
        #expect(statuses["a"]?.status == .notServing)
        #expect(statuses[""]?.status == .notServing)
        #expect(statuses["service 7"]?.status == .serving)
    }

    @Test("List answers 100 entries, the server's with them, and no more", arguments: [98, 99])
    func listBound(_ more: Int) async throws {
        for name in 0..<more { self.registry.set("service \(name)", .serving) }
        let call = try self.call("List")
        try call.ask(Grpc_Health_V1_HealthListRequest())
        switch await call.run() {
        case .success: #expect(more + 2 <= HealthService.listMax)
        case .failure(let error):
            #expect(more + 2 > HealthService.listMax && error.code == .resourceExhausted)
        }
    }

    @Test("Watch answers the status and then its changes")
    func watches() async throws {
        let call = try self.call("Watch")
        try call.ask(self.request("a"))
        try await call.whileRunning {
            try await self.expect(.notServing, from: call)
            self.registry.set("a", .serving)
            try await self.expect(.serving, from: call)
        }
        #expect(self.registry.counts.watchers == 0)
    }

    @Test("Watch of an unknown service sends SERVICE_UNKNOWN, stays open and reports its start")
    func watchesUnknown() async throws {
        let call = try self.call("Watch")
        try call.ask(self.request("b"))
        try await call.whileRunning {
            try await self.expect(.serviceUnknown, from: call)
            self.registry.set("b", .serving)
            try await self.expect(.serving, from: call)
        }
    }

    @Test("a drain tells a watcher NOT_SERVING and ends its stream with OK")
    func drains() async throws {
        self.registry.set("a", .serving)
        let call = try self.call("Watch")
        try call.ask(self.request("a"))
        async let result = call.run()
        try await self.expect(.serving, from: call)
        self.registry.drain()
        try await self.expect(.notServing, from: call)
        #expect(try await call.next(CheckResponse.self) == nil)
        #expect(try await result.get().isEmpty)
    }

    @Test("a watcher with a closed window does not delay the drain")
    func drainsStuck() async throws {
        let call = try self.call("Watch", timeline: TestClock.instant, sink: StuckSink())
        try call.ask(self.request("a"))
        async let result = call.run()
        self.registry.drain()
        guard case .failure(let error) = await result else {
            Issue.record("a drain that was not read ended with OK")
            return
        }
        #expect(error.code == .unavailable)
        #expect(self.registry.counts.watchers == 0)
    }

    @Test("a stalled reader holds seventeen messages and one status, and blocks no one")
    func slowReader() async throws {
        let call = try self.call("Watch")
        try call.ask(self.request("a"))
        try await call.whileRunning {
            try await self.expect(.notServing, from: call)
            for _ in 0..<100 {
                self.registry.set("a", .serving)
                self.registry.set("a", .notServing)
            }
            let held = MessagePipe.capacity + 2
            #expect(self.registry.counts.changesConflated >= 200 - held)
        }
    }

    @Test("Watch of an overlong name is INVALID_ARGUMENT")
    func longName() async throws {
        let call = try self.call("Watch")
        try call.ask(self.request(String(repeating: "a", count: HealthService.nameBytesMax + 1)))
        let result = await call.run()
        #expect(throws: RPCError(.invalidArgument, "the name is over 256 bytes")) {
            try result.get()
        }
    }

    @Test("Watch ends when its caller leaves")
    func cancelled() async throws {
        let call = try self.call("Watch")
        try call.ask(self.request("a"))
        try await call.whileRunning { _ = try await call.next(CheckResponse.self) }
        #expect(self.registry.counts.watchers == 0)
    }
}
