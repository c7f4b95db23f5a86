import Synchronization
import TestSupport
import Testing

@testable import Identity

@Suite("issuing tokens")
struct MintingTests {
    /// A token that PyJWT 2 decodes with the secret, the audience and the issuer.
    static let golden =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        + "eyJpc3MiOiJmbG9yaW4iLCJzdWIiOiJ1c2VyIFwiw6lcIiIsImF1ZCI6ImdhdGV3YXkiLCJzY29wZSI6InBh"
        + "eW1lbnQ6d3JpdGUgcmVmdW5kOndyaXRlIiwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4MDAsImp0"
        + "aSI6IkFBRUNBd1FGQmdjSUNRb0xEQTBPRHcifQ."
        + "WJmgS7NeyIpP8CSsLbTE_ENCTuhgujXEjCKJ2ybNOw0"

    @Test("a user token depends only on its inputs, and is the one that PyJWT read")
    func userToken() throws {
        let issuer = UserTokenIssuer(
            signer: try Bench.signer(),
            issuer: "florin",
            audience: "gateway"
        )
        let token = try issuer.token(
            for: "user \"é\"",
            scopes: "payment:write refund:write",
            at: 1_700_000_000,
            lifetime: 2_402_444_800,
            randomBytes: Array(0..<16)
        )
        #expect(token == Self.golden)
        let claims = try Bench.users().verify(token, at: Bench.now)
        #expect(claims.subject == "user \"é\"")
        #expect(claims.id == "AAECAwQFBgcICQoLDA0ODw")
    }

    @Test("an Ed25519 key signs as in RFC 8037, and has its public key")
    func privateKey() throws {
        let seed = try #require(
            Base64URL.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
        )
        let signer = try TokenSigner(ed25519: seed, keyID: "k-1")
        let token = try signer.sign(
            header: Array(#"{"alg":"EdDSA"}"#.utf8),
            payload: Array("Example of Ed25519 signing".utf8)
        )
        #expect(token == RFCExamples.edDSA)
        let point = try #require(try signer.publicKey())
        #expect(Base64URL.text(point) == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        #expect(try Bench.signer().publicKey() == nil)
    }

    @Test("signed claims are verified unchanged")
    func roundTrip() throws {
        let claims = Claims(
            issuer: "florin",
            subject: "s",
            audience: ["x", "gateway"],
            scopes: "a b",
            expiresAt: Bench.now + 9,
            issuedAt: Bench.now,
            notBefore: Bench.now - 1,
            id: "j"
        )
        let signer = try TokenSigner(secret: Array(PyJWT.secret.utf8), keyID: "k-1")
        let keys = try KeySet([.hs256(secret: Array(PyJWT.secret.utf8), id: "k-1")])
        let token = try signer.sign(claims, as: .user)
        #expect(try Bench.users(keys).verify(token, at: Bench.now) == claims)
    }

    private func provider(_ world: World) throws -> ServiceTokenProvider {
        ServiceTokenProvider(
            "payment",
            signer: try Bench.signer(),
            issuer: "florin",
            scopes: ["ledger": "ledger:write", "refund": "refund:write"],
            now: { world.now },
            randomBytes: { world.bytes($0) }
        )
    }

    @Test("a service token has the caller, one callee, the least scope and sixty seconds")
    func serviceToken() throws {
        let token = try provider(World()).token(for: "ledger")
        let claims = try Bench.services().verify(token, at: Bench.now)
        #expect(claims.subject == "payment")
        #expect(claims.audience == ["ledger"])
        #expect(claims.scopes == "ledger:write")
        #expect(claims.expiresAt == Bench.now + 60)
        #expect(throws: TokenError.typeRefused) {
            try Bench.users().verify(token, at: Bench.now)
        }
        #expect(throws: TokenError.typeRefused) {
            try Bench.services().verify(PyJWT.hs256, at: Bench.now)
        }
    }

    @Test("a token for another callee is refused")
    func otherCallee() throws {
        let token = try provider(World()).token(for: "refund")
        #expect(throws: TokenError.audienceRefused) {
            try Bench.services().verify(token, at: Bench.now)
        }
    }

    @Test("a callee outside the table gets no token and no place in the cache")
    func unknownCallee() throws {
        let provider = try provider(World())
        #expect(throws: ServiceTokenError.calleeUnknown("gateway")) {
            try provider.token(for: "gateway")
        }
    }

    @Test("a token is reused for two thirds of its life, and reissued when the clock steps")
    func caching() throws {
        let world = World()
        let provider = try provider(world)
        let first = try provider.token(for: "ledger")
        world.move(by: 39)
        #expect(try provider.token(for: "ledger") == first)
        world.move(by: 1)
        let second = try provider.token(for: "ledger")
        #expect(second != first)
        #expect(try provider.token(for: "refund") != second)
        #expect(try provider.token(for: "ledger") == second)
        world.move(by: -1)
        #expect(try provider.token(for: "ledger") != second)
    }

    @Test(
        "a service token must be short-lived, dated, and for one service by name",
        arguments: [
            (#""aud":"ledger","iat":1700000090,"exp":1700000150"#, nil),
            (#""aud":"ledger","iat":1700000090,"exp":1700000151"#, .lifetimeTooLong),
            (#""aud":"ledger","exp":1700000150"#, .claimMissing(.issuedAt)),
            (#""aud":["ledger"],"iat":1700000090,"exp":1700000150"#, .claimMalformed(.audience)),
            (#""aud":"gateway","iat":1700000090,"exp":1700000150"#, .audienceRefused),
            (#""aud":"ledger","iat":0,"exp":9223372036854775807"#, .lifetimeTooLong),
        ] as [(String, TokenError?)]
    )
    func serviceRules(members: String, expected: TokenError?) throws {
        let token = try Bench.forge(
            header: #"{"alg":"HS256","typ":"st+jwt"}"#,
            payload: #"{"iss":"florin","sub":"payment",\#(members)}"#
        )
        let verifier = try Bench.services()
        do {
            _ = try verifier.verify(token, at: Bench.now)
            #expect(expected == nil)
        } catch {
            #expect(error == expected)
        }
    }

    @Test(
        "the service type has one spelling",
        arguments: ["ST+JWT", "st+JWT", "JWT", "at+jwt", " st+jwt"]
    )
    func serviceTypes(type: String) throws {
        let token = try Bench.forge(header: "{\"alg\":\"HS256\",\"typ\":\"\(type)\"}")
        #expect(throws: TokenError.typeRefused) {
            try Bench.services().verify(token, at: Bench.now)
        }
    }

    @Test("many threads sign and verify with one key at once")
    func concurrency() async throws {
        let (provider, verifier) = (try provider(World()), try Bench.services())
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    let token = try provider.token(for: "ledger")
                    return try verifier.verify(token, at: Bench.now).subject
                }
            }
            for try await subject in group { #expect(subject == "payment") }
        }
    }
}

/// A clock that stands still and random bytes that count up.
private final class World: Sendable {
    private let state = Mutex((now: Bench.now, byte: UInt8(0)))

    var now: UnixSeconds { state.withLock { $0.now } }

    func move(by seconds: Int64) {
        state.withLock { $0.now += seconds }
    }

    func bytes(_ count: Int) -> [UInt8] {
        state.withLock { state in
            state.byte &+= 1
            return [UInt8](repeating: state.byte, count: count)
        }
    }
}
