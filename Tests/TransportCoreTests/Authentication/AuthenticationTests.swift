import Identity
import Synchronization
import Testing
import TransportCore

@Suite("authentication of incoming calls")
struct AuthenticationPolicyTests {
    private static let write = "ledger.LedgerService/RecordTransaction"
    private static let table = MethodPolicies.standard.adding([write: .scope("ledger:write")])
    private static let start: UnixSeconds = 1_700_000_000

    private let time = TestTime(AuthenticationPolicyTests.start)

    private func policy() throws -> AuthenticationPolicy {
        let verifier = TokenVerifier(
            keys: try KeySet.hs256(secret: TestTokens.secret),
            issuer: TestTokens.issuer,
            audience: "ledger",
            kind: .service,
            skew: 0
        )
        let time = self.time
        return AuthenticationPolicy(verifier: verifier, table: Self.table) { time.now }
    }

    private func token(
        scopes: Scopes = "ledger:read ledger:write",
        audience: String = "ledger",
        secret: String = TestTokens.secret
    ) throws -> String {
        try TestTokens.provider(self.time, audience, scopes, secret: secret).token(for: audience)
    }

    private func admit(
        _ authorization: [String],
        to method: String = write
    ) throws -> Result<IncomingCall, RPCError> {
        var metadata = Metadata()
        for value in authorization { metadata.add("authorization", value) }
        var call = IncomingCall(method: method, metadata: metadata)
        let policy = try self.policy()
        do throws(RPCError) {
            try policy.admit(&call)
            return .success(call)
        } catch {
            return .failure(error)
        }
    }

    @Test("a valid token with the scope passes and sets the caller")
    func passes() throws {
        let call = try self.admit(["Bearer \(try self.token())"]).get()
        #expect(call.caller?.subject == "payment")
    }

    @Test("an open method passes without a token and sets no caller")
    func open() throws {
        for method in [HealthMethods.check.name] + ReflectionMethods.info.map(\.name) {
            #expect(try self.admit([], to: method).get().caller == nil)
            #expect(try self.admit(["Bearer rubbish"], to: method).get().caller == nil)
        }
    }

    @Test(
        "a call without exactly one bearer token is UNAUTHENTICATED",
        arguments: [[], [""], ["Bearer"], ["Bearer "], ["Basic QTpC"], ["Bearer a b"], ["a.b.c"]]
    )
    func noCredential(_ values: [String]) throws {
        let result = try self.admit(values)
        let error = #expect(throws: RPCError.self) { try result.get() }
        #expect(error?.code == .unauthenticated)
    }

    @Test("a missing token is named in the error")
    func missing() throws {
        let result = try self.admit([])
        #expect(
            throws: RPCError(
                .unauthenticated,
                "a token is needed: 'authorization: Bearer <token>'"
            )
        ) { try result.get() }
    }

    @Test("two tokens are refused, even if both are valid")
    func repeated() throws {
        let value = "Bearer \(try self.token())"
        let result = try self.admit([value, value])
        #expect(throws: RPCError(.unauthenticated, "there is more than one 'authorization'")) {
            try result.get()
        }
    }

    @Test("forged, foreign and broken tokens get the same answer, without the token")
    func bad() throws {
        let good = try self.token()
        let bad = [
            try self.token(secret: "another secret that is long enough, too"),
            try self.token(audience: "refund"),
            try TestTokens.user(self.time),
            String(good.dropLast()), "\(good)A", "a.b.c", "abc",
        ]
        for token in bad {
            let result = try self.admit(["Bearer \(token)"])
            #expect(throws: RPCError(.unauthenticated, "the token is not valid here")) {
                try result.get()
            }
        }
    }

    @Test("a token without the scope is PERMISSION_DENIED, and the scope is named")
    func wrongScope() throws {
        for scopes: Scopes in ["", "ledger:read", "ledger:writer", "xledger:write"] {
            let result = try self.admit(["Bearer \(try self.token(scopes: scopes))"])
            #expect(throws: RPCError(.permissionDenied, "the token lacks scope 'ledger:write'")) {
                try result.get()
            }
        }
    }

    @Test("a method without an entry is PERMISSION_DENIED, whatever the token")
    func noEntry() throws {
        let token = try self.token()
        for values in [[], ["Bearer \(token)"]] {
            let result = try self.admit(values, to: "ledger.LedgerService/Other")
            let error = #expect(throws: RPCError.self) { try result.get() }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test("expiry is checked per call: a token that passed is refused once expired")
    func expires() throws {
        let (policy, token) = (try self.policy(), try self.token())
        let metadata: Metadata = ["authorization": "Bearer \(token)"]
        func admit() throws(RPCError) {
            var call = IncomingCall(method: Self.write, metadata: metadata)
            try policy.admit(&call)
        }
        try admit()
        self.time.now += ServiceTokenProvider.lifetime - 1
        try admit()
        self.time.now += 1
        #expect(throws: RPCError(.unauthenticated, "the token is not valid here")) { try admit() }
    }

    @Test("a token from the future is refused")
    func future() throws {
        let token = try self.token()
        self.time.now -= 10
        let result = try self.admit(["Bearer \(token)"])
        #expect(throws: RPCError.self) { try result.get() }
    }
}

@Suite("the table of methods and scopes")
struct MethodPoliciesTests {
    private func fault(_ table: MethodPolicies, _ names: [String]) -> ConfigurationError? {
        let methods = names.map { name in
            RegisteredMethod(name: name, kind: .unary, handler: .unary { UnaryReply($1) })
        }
        do throws(ConfigurationError) {
            let keys = try? KeySet.hs256(secret: TestTokens.secret)
            guard let keys else { throw ConfigurationError("no keys") }
            let verifier = TokenVerifier(keys: keys, issuer: "i", audience: "a", kind: .service)
            try AuthenticationPolicy(verifier: verifier, table: table) { 0 }.validate(methods)
            return nil
        } catch {
            return error
        }
    }

    @Test("a table with exactly the methods is valid, with and without reflection")
    func good() {
        let table = MethodPolicies.standard.adding(["a.A/B": .scope("a")])
        #expect(self.fault(table, ["a.A/B"]) == nil)
        #expect(self.fault(table, ["a.A/B"] + ReflectionMethods.info.map(\.name)) == nil)
    }

    @Test("each method without an entry is named")
    func missing() {
        let fault = self.fault(MethodPolicies([:]), ["b.B/C", "a.A/B"])
        #expect(
            fault?.description
                == "method 'a.A/B' has no access policy; method 'b.B/C' has no access policy"
        )
    }

    @Test("each entry without a method is named")
    func stale() {
        let fault = self.fault(.standard.adding(["a.A/B": .open]), [])
        #expect(fault?.description == "access policy for 'a.A/B', which is no method here")
    }

    @Test("health needs an entry too")
    func healthIsNoException() {
        #expect(self.fault(MethodPolicies([:]), [HealthMethods.check.name]) != nil)
    }

    @Test("an added entry replaces an earlier one")
    func override() {
        let table = MethodPolicies.standard.adding([HealthMethods.list.name: .scope("ops")])
        #expect(table.access(to: HealthMethods.list.name) == .scope("ops"))
        #expect(table.access(to: HealthMethods.check.name) == .open)
        #expect(table.access(to: "a.A/B") == nil)
    }
}

@Suite("authentication of outgoing calls")
struct ServiceTokenPolicyTests {
    private let time = TestTime(1_700_000_000)

    @Test("a call gets a token that the callee accepts, instead of the user's")
    func signs() throws {
        let provider = try TestTokens.provider(self.time, "ledger", "ledger:write")
        var call = OutgoingCall(method: "a.A/B", metadata: ["authorization": "Bearer user"])
        try ServiceTokenPolicy(provider, audience: "ledger").prepare(&call)
        let values = call.metadata.texts("authorization")
        #expect(values == ["Bearer \(try provider.token(for: "ledger"))"])
    }

    @Test("a callee that is not in the provider's table is INTERNAL, and nothing is sent")
    func unknown() throws {
        let provider = try TestTokens.provider(self.time, "ledger", "ledger:write")
        let policy = ServiceTokenPolicy(provider, audience: "refund")
        var call = OutgoingCall(method: "a.A/B")
        let error = #expect(throws: RPCError.self) { try policy.prepare(&call) }
        #expect(error?.code == .internalError)
        #expect(error?.wasNeverProcessed == true)
        #expect(call.metadata.isEmpty)
    }
}
