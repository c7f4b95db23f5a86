import Domain
import Identity
import Testing
import TransportCore
import TransportMessages

@testable import Composition

@Suite("Access to services", .timeLimit(.minutes(10)))
struct AccessTests {
    /// Every method behind the gateway, with its service.
    private static let methods = [
        (ServiceName.ledger, LedgerBinding.access), (.payment, PaymentBinding.access),
        (.refund, RefundBinding.access),
    ]

    private static func forEachMethod(
        _ body: (ServiceName, String, String) async throws -> Void
    ) async throws {
        for (service, access) in Self.methods {
            for (method, needed) in access.sorted(by: { $0.key < $1.key }) {
                guard case .scope(let scope) = needed else {
                    Issue.record("\(method) is open to anybody")
                    continue
                }
                try await body(service, method, scope)
            }
        }
    }

    @Test("every method requires a token for it", arguments: TransportKind.allCases)
    func everyMethod(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            try await Self.forEachMethod { service, method, scope in
                let caller = Caller(system, service, method)
                #expect(await caller.code(nil) == .unauthenticated)
                let user = try system.token(for: "alice", Scopes(scope))
                #expect(await caller.code(user) == .unauthenticated)
                let misdirected = try system.serviceToken(audience: "gateway", scope)
                #expect(await caller.code(misdirected) == .unauthenticated)
                let forged = try system.serviceToken(audience: service.rawValue, scope) + "A"
                #expect(await caller.code(forged) == .unauthenticated)
                let poor = try system.serviceToken(audience: service.rawValue, "other:scope")
                #expect(await caller.code(poor) == .permissionDenied)
                let good = try system.serviceToken(audience: service.rawValue, scope)
                let code = await caller.code(good)
                #expect(code != .unauthenticated && code != .permissionDenied)
            }
        }
    }

    @Test("an expired token is refused", arguments: TransportKind.allCases)
    func expired(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let token = try system.serviceToken(audience: "ledger", "ledger:read")
            let caller = Caller(system, .ledger, "ledger.LedgerService/GetTransaction")
            #expect(await caller.code(token) == .invalidArgument)
            system.world.advance(by: 60 + TokenVerifier.skewMax + 1)
            #expect(await caller.code(token) == .unauthenticated)
            #expect(try await system.pay("order-1").outcome == "200")
        }
    }

    @Test("another deployment's token is refused", arguments: TransportKind.allCases)
    func otherSecret(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let secret = Array("another-deployment's-secret-of-its-own".utf8)
            let token = try TokenSigner(secret: secret).sign(
                system.claims(audience: "ledger", "ledger:read"),
                as: .service
            )
            let caller = Caller(system, .ledger, "ledger.LedgerService/GetTransaction")
            #expect(await caller.code(token) == .unauthenticated)
        }
    }

    @Test("a service token is not accepted as a user's", arguments: TransportKind.allCases)
    func serviceTokenAtGateway(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            let token = try system.serviceToken(audience: "gateway", "payment:read")
            let answer = await GatewayParts.answer(
                .init(
                    method: "GET",
                    path: "/payments/pay_1",
                    authorization: ["Bearer \(token)"],
                    requestID: "request-1"
                ),
                traceParent: nil,
                by: system.gateway
            )
            #expect(answer.outcome == "401 invalid_token")
        }
    }

    @Test("health checks need no token", arguments: TransportKind.allCases)
    func health(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            for (service, access) in Self.methods {
                let client = HealthClient(system.bareChannel(to: service))
                let name = access.keys.map { $0.prefix { $0 != "/" } }.first ?? ""
                let whole = try await client.check(timeout: .seconds(300))
                let one = try await client.check(String(name), timeout: .seconds(300))
                #expect([whole, one] == [.serving, .serving])
                let refusal = await #expect(throws: RPCError.self) {
                    try await client.check("nobody", timeout: .seconds(300))
                }
                #expect(refusal?.code == .notFound)
            }
        }
    }

    @Test("reflection needs no token", arguments: TransportKind.allCases)
    func reflection(_ kind: TransportKind) async throws {
        try await kind.withSystem { system in
            for method in ReflectionMethods.info {
                let call = OutgoingCall(method: method.name)
                let answer = try await system.bareChannel(to: .ledger).withStream(call) { stream in
                    var request = Grpc_Reflection_V1_ServerReflectionRequest()
                    request.listServices = ""
                    try await stream.send(try request.wireBytes())
                    stream.finishSending()
                    return try await stream.next() ?? []
                }
                let response = try Grpc_Reflection_V1_ServerReflectionResponse(wire: answer)
                #expect(
                    response.listServicesResponse.service.map(\.name) == [
                        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection", "ledger.LedgerService",
                    ]
                )
            }
        }
    }
}

/// Calls a method with an arbitrary token.
private struct Caller {
    private let channel: any Channel
    private let method: String

    init(_ system: RunningSystem, _ service: ServiceName, _ method: String) {
        self.channel = system.bareChannel(to: service)
        self.method = method
    }

    /// The status of an empty request, or nil for OK.
    func code(_ token: String?) async -> StatusCode? {
        let metadata: Metadata = token.map { ["authorization": "Bearer \($0)"] } ?? [:]
        do throws(RPCError) {
            let call = OutgoingCall(
                method: self.method,
                metadata: metadata,
                // An accepted watch lasts until this timeout.
                timeout: .seconds(10)
            )
            _ = try await self.channel.unary(call, [])
            return nil
        } catch {
            return error.code
        }
    }
}

extension RunningSystem {
    /// Claims of a service's token.
    func claims(audience: String, _ scope: String) -> Claims {
        Claims(
            issuer: self.configuration.credentials.issuer,
            subject: "payment",
            audience: [audience],
            scopes: Scopes(scope),
            expiresAt: self.world.now + 60,
            issuedAt: self.world.now
        )
    }

    /// A service's token, signed with the system's key.
    func serviceToken(audience: String, _ scope: String) throws -> String {
        let claims = self.claims(audience: audience, scope)
        return try self.configuration.credentials.signer.sign(claims, as: .service)
    }
}
