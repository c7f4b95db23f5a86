import Identity
import Scenarios
import Testing

@testable import DrillEngine

@Suite("Tokens that must be refused")
struct ForgerTests {
    private static let secret = Array("a secret of forgers, 32 bytes or more".utf8)
    private static let now = startOfTime
    private static let scopes: Scopes = "ledger:read ledger:write"

    private static func forged(_ kind: FaultPlan.Kind, as tokens: TokenKind) throws -> String? {
        Forger(signer: try TokenSigner(secret: Self.secret), issuer: "florin")
            .token(
                for: kind,
                "payment",
                audience: "ledger",
                scopes: Self.scopes,
                at: Self.now,
                as: tokens
            )
    }

    private static func verify(
        _ token: String,
        as kind: TokenKind,
        at now: UnixSeconds = Self.now,
        audience: String = "ledger"
    ) throws -> Claims {
        try TokenVerifier(
            keys: try KeySet([try .hs256(secret: Self.secret)]),
            issuer: "florin",
            audience: audience,
            kind: kind
        ).verify(token, at: now)
    }

    @Test(
        "an expired token is refused for that, and was good in its time",
        arguments: TokenKind.allCases
    )
    func expires(_ kind: TokenKind) throws {
        let token = try #require(try Self.forged(.authExpire, as: kind))
        #expect(throws: TokenError.expired) { try Self.verify(token, as: kind) }
        let claims = try Self.verify(token, as: kind, at: Self.now - 2 * TokenVerifier.skewMax)
        #expect(claims.scopes == Self.scopes)
    }

    @Test(
        "a token of the future is refused for that, and is good later",
        arguments: TokenKind.allCases
    )
    func isEarly(_ kind: TokenKind) throws {
        let token = try #require(try Self.forged(.authNotBefore, as: kind))
        #expect(throws: TokenError.issuedInFuture) { try Self.verify(token, as: kind) }
        let claims = try Self.verify(token, as: kind, at: Self.now + 2 * TokenVerifier.skewMax)
        #expect(claims.scopes == Self.scopes)
    }

    @Test(
        "a token for somebody else is refused here, and good there",
        arguments: TokenKind.allCases
    )
    func isForOthers(_ kind: TokenKind) throws {
        let token = try #require(try Self.forged(.authWrongAudience, as: kind))
        #expect(throws: TokenError.audienceRefused) { try Self.verify(token, as: kind) }
        #expect(try Self.verify(token, as: kind, audience: "somebody-else").subject == "payment")
    }

    @Test("a token without its scopes verifies, and allows nothing", arguments: TokenKind.allCases)
    func lacksScopes(_ kind: TokenKind) throws {
        let token = try #require(try Self.forged(.authDropScope, as: kind))
        let claims = try Self.verify(token, as: kind)
        #expect(claims.subject == "payment")
        #expect(Self.scopes.words.allSatisfy { !claims.scopes.contains($0) })
    }

    @Test("a fault that is not about tokens forges none")
    func forgesNothingElse() throws {
        #expect(try Self.forged(.diskFull, as: .user) == nil)
        #expect(try Self.forged(.authRotate(overlap: .seconds(1)), as: .service) == nil)
    }
}
