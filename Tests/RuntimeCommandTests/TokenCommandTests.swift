import Foundation
import Identity
import Testing

@Suite("runtime token", .timeLimit(.minutes(10)))
struct TokenCommandTests {
    private static func verify(
        _ output: String,
        audience: String,
        _ kind: TokenKind,
        issuer: String = "florin"
    ) throws -> Claims {
        let verifier = TokenVerifier(
            keys: try .hs256(secret: Deployment.secret),
            issuer: issuer,
            audience: audience,
            kind: kind
        )
        #expect(output.hasSuffix("\n"))
        return try verifier.verify(String(output.dropLast()), at: Self.now)
    }

    private static var now: UnixSeconds { UnixSeconds(Date().timeIntervalSince1970) }

    @Test("a user's token is accepted by the gateway")
    func user() async throws {
        let ending = try await Ending.of(
            "token",
            "--subject",
            "alice",
            environment: Deployment.environment
        )
        #expect(ending.code == 0)
        let claims = try Self.verify(ending.output, audience: "gateway", .user)
        #expect(claims.subject == "alice")
        #expect(claims.scopes == "payment:write payment:read refund:write")
        #expect(claims.expiresAt - (claims.issuedAt ?? 0) == 3_600)
        #expect(ending.errors.isEmpty)
    }

    @Test(
        "scope, lifetime, issuer and audience can be chosen",
        arguments: ["90s", "15m", "2h", "7d"]
    )
    func chosen(_ ttl: String) async throws {
        let ending = try await Ending.of(
            "token",
            "--subject",
            "root",
            "--scope",
            "payment:admin",
            "--ttl",
            ttl,
            environment: Deployment.with(["JWT_ISSUER": "bank", "JWT_AUDIENCE": "shop"])
        )
        let claims = try Self.verify(ending.output, audience: "shop", .user, issuer: "bank")
        #expect(claims.scopes == "payment:admin")
        let seconds: [String: Int64] = ["90s": 90, "15m": 900, "2h": 7_200, "7d": 604_800]
        #expect(claims.expiresAt - (claims.issuedAt ?? 0) == seconds[ttl])
    }

    @Test(
        "a service's token is accepted by its callee",
        arguments: [
            ("gateway", "payment", "payment:write payment:read"),
            ("gateway", "refund", "refund:write"),
            ("payment", "ledger", "ledger:capture ledger:read"),
            ("refund", "ledger", "ledger:refund"),
        ]
    )
    func service(_ caller: String, _ callee: String, _ scopes: String) async throws {
        let ending = try await Ending.of(
            "token",
            "--service",
            caller,
            "--audience",
            callee,
            environment: Deployment.environment
        )
        #expect(ending.code == 0)
        let claims = try Self.verify(ending.output, audience: callee, .service)
        #expect(claims.subject == caller)
        #expect(claims.scopes == Scopes(scopes))
        #expect(claims.expiresAt - (claims.issuedAt ?? 0) == 60)
        #expect(throws: TokenError.self) {
            try Self.verify(ending.output, audience: callee, .user)
        }
    }

    private static let whoFor =
        "give --subject for a user token, or --service and --audience for a service token"
    private static let misuses: [([String], String)] = [
        ([], whoFor),
        (["--subject", "alice", "--audience", "ledger"], whoFor),
        (["--service", "payment"], whoFor),
        (["--audience", "ledger"], whoFor),
        (["--subject", ""], "--subject is empty"),
        (["--subject"], "Missing value for '--subject <subject>'"),
        (["--service", "payment", "--audience", "gateway"], "payment calls only ledger"),
        (["--service", "gateway", "--audience", "ledger"], "gateway calls only payment, refund"),
        (["--service", "ledger", "--audience", "payment"], "ledger calls no service"),
        (["--subject", "alice", "--ttl", "0s"], "The value '0s' is invalid for '--ttl <ttl>'"),
        (["--subject", "alice", "--ttl", "1w"], "The value '1w' is invalid for '--ttl <ttl>'"),
        (["--subject", "alice", "--ttl", "366d"], "The value '366d' is invalid for '--ttl <ttl>'"),
        (
            ["--subject", "alice", "--ttl", "9223372036854775807d"],
            "The value '9223372036854775807d' is invalid for '--ttl <ttl>'"
        ),
    ]

    @Test("misuse is explained, with exit code 64", arguments: misuses)
    func misuse(_ arguments: [String], _ message: String) async throws {
        let ending = try await Ending.of(
            all: ["token"] + arguments,
            environment: Deployment.environment
        )
        #expect(ending.code == 64)
        #expect(ending.errors.split(separator: "\n").first == "Error: \(message)")
        #expect(ending.errors.contains("Usage: runtime token "))
        #expect(ending.output.isEmpty)
    }

    @Test("without a secret no token is minted")
    func noSecret() async throws {
        let ending = try await Ending.of("token", "--subject", "alice")
        #expect(ending.code == 78)
        #expect(ending.errors.hasPrefix("runtime: JWT_SECRET_KEY: is not set"))
        #expect(ending.output.isEmpty)
    }
}
