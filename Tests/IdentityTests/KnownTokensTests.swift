import Testing

@testable import Identity

@Suite("known tokens")
struct KnownTokensTests {
    private static let claims = Claims(
        issuer: "florin",
        subject: "user-1",
        audience: ["gateway"],
        expiresAt: Bench.now
    )

    @Test("a known token is refused once it has expired")
    func expires() throws {
        let users = try Bench.users()
        let token = try Bench.forge()
        #expect(try users.verify(token, at: Bench.now).subject == "user-1")
        #expect(try users.verify(token, at: Bench.now).subject == "user-1")
        #expect(throws: TokenError.expired) { try users.verify(token, at: 1_700_000_460) }
    }

    @Test("a known token is refused before its start")
    func notYetValid() throws {
        let users = try Bench.users()
        let token = try Bench.forge(payload: Bench.payload(["nbf": "1700000000"]))
        _ = try users.verify(token, at: Bench.now)
        #expect(throws: TokenError.notYetValid) { try users.verify(token, at: 1_699_999_000) }
    }

    @Test("a refused token is not cached")
    func keepsGoodOnes() throws {
        let users = try Bench.users()
        let token = try Bench.forge(payload: Bench.payload(["iss": #""somebody""#]))
        for _ in 0..<2 {
            #expect(throws: TokenError.issuerRefused) { try users.verify(token, at: Bench.now) }
        }
    }

    @Test("a canonical equivalent of a known token is unknown")
    func comparesBytes() {
        let known = KnownTokens()
        known.remember("K", Self.claims)
        #expect(known.claims(of: "K") == Self.claims)
        #expect(known.claims(of: "\u{212A}") == nil)
    }

    @Test("unused tokens are dropped, and counted")
    func isBounded() {
        let known = KnownTokens()
        for number in 0..<(3 * KnownTokens.tokensMax) {
            known.remember("token-\(number)", Self.claims)
            #expect(known.claims(of: "token-0") == Self.claims)
            #expect(known.count <= KnownTokens.tokensMax)
        }
        #expect(known.claims(of: "token-1") == nil)
        #expect(known.dropped + known.count == 3 * KnownTokens.tokensMax)
    }
}
