import SwiftProtobuf
import Testing
import TransportCore
import TransportMessages

@Suite("the health gate and client")
struct HealthGateTests {
    private let registry = HealthRegistry(services: ["ledger.LedgerService"])
    private static let record = "ledger.LedgerService/RecordTransaction"

    private func refusal(_ method: String) -> RPCError? {
        var call = IncomingCall(method: method)
        do throws(RPCError) {
            try HealthGate(self.registry).admit(&call)
            return nil
        } catch {
            return error
        }
    }

    @Test("a call to a serving service passes")
    func passes() {
        self.registry.set("ledger.LedgerService", .serving)
        #expect(self.refusal(Self.record) == nil)
    }

    @Test("a call to a service that does not serve is UNAVAILABLE and was never processed")
    func refuses() {
        let refusal = self.refusal(Self.record)
        #expect(refusal?.code == .unavailable)
        #expect(refusal?.wasNeverProcessed == true)
    }

    @Test("a call to a service without a status is UNAVAILABLE")
    func refusesUnknown() {
        #expect(self.refusal("other.Service/Method")?.code == .unavailable)
    }

    @Test("a draining service is NOT_SERVING but still admits calls")
    func drains() {
        self.registry.set("ledger.LedgerService", .serving)
        self.registry.drain()
        #expect(self.registry.status(of: "ledger.LedgerService") == .notServing)
        #expect(self.refusal(Self.record) == nil)
    }

    @Test("a drain does not admit calls to a service that did not serve")
    func drainsClosed() {
        self.registry.drain()
        #expect(self.refusal(Self.record)?.code == .unavailable)
    }

    @Test(
        "health and reflection pass a closed gate",
        arguments: [HealthMethods.check.name, HealthMethods.watch.name, HealthMethods.list.name]
            + ReflectionMethods.info.map(\.name)
    )
    func exempt(_ method: String) {
        self.registry.drain()
        #expect(self.refusal(method) == nil)
    }

    @Test("a router with a service unknown to the registry is refused")
    func validates() throws {
        let known = RegisteredMethod(name: Self.record, kind: .unary, handler: Self.echo)
        let unknown = RegisteredMethod(name: "b.B/C", kind: .unary, handler: Self.echo)
        let gate = HealthGate(self.registry)
        let health = HealthService.methods(self.registry, timeline: TestClock.frozen)
        #expect(try Router([known] + health, policies: [gate]).methodNames.count == 4)
        #expect(throws: ConfigurationError("the health registry does not know b.B")) {
            try Router([known, unknown], policies: [gate])
        }
    }

    @Test("a client reads the status that a server answers", arguments: [true, false])
    func client(_ serves: Bool) async throws {
        if serves { self.registry.set("ledger.LedgerService", .serving) }
        let methods = HealthService.methods(self.registry, timeline: TestClock.frozen)
        let client = HealthClient(try LoopChannel(methods))
        let status = try await client.check("ledger.LedgerService", timeout: .seconds(1))
        #expect(status == (serves ? .serving : .notServing))
        await #expect(throws: RPCError(.notFound, "no service 'b' here")) {
            try await client.check("b", timeout: .seconds(1))
        }
    }

    @Test("an unrecognised status is UNKNOWN")
    func strangeStatus() async throws {
        let strange = RegisteredMethod.unary(HealthMethods.check) { _, _ in
            .with { $0.status = .UNRECOGNIZED(77) }
        }
        let client = HealthClient(try LoopChannel([strange]))
        #expect(try await client.check(timeout: .seconds(1)) == .unknown)
    }

    private static let echo = RegisteredMethod.Handler.unary { _, bytes in UnaryReply(bytes) }
}

/// Calls a router's unary methods without a network.
private struct LoopChannel: Channel {
    private let router: Router

    init(_ methods: [RegisteredMethod]) throws {
        self.router = try Router(methods, policies: [])
    }

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        let admitted = try self.router.admit(IncomingCall(method: call.method)).get()
        guard case .unary(let handler) = admitted.method.handler else {
            throw RPCError(.internalError, "not unary")
        }
        return try await admitted.run(message, handler).get()
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        throw RPCError(.unimplemented, "unary only")
    }
}
