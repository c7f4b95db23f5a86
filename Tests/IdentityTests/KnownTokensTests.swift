import Testing

@testable import Identity

@Suite("tokens that were found good")
struct KnownTokensTests {
    private static let claims = Claims(
        issuer: "florin",
        subject: "user-1",
        audience: ["gateway"],
        expiresAt: Bench.now
    )

    @Test("a token that is known is refused once its time is over")
    func expires() throws {
        let users = try Bench.users()
        let token = try Bench.forge()
        #expect(try users.verify(token, at: Bench.now).subject == "user-1")
        #expect(try users.verify(token, at: Bench.now).subject == "user-1")
        #expect(throws: TokenError.expired) { try users.verify(token, at: 1_700_000_460) }
    }

    @Test("a token that is known is refused before its time has come")
    func notYetValid() throws {
        let users = try Bench.users()
        let token = try Bench.forge(payload: Bench.payload(["nbf": "1700000000"]))
        _ = try users.verify(token, at: Bench.now)
        #expect(throws: TokenError.notYetValid) { try users.verify(token, at: 1_699_999_000) }
    }

    @Test("a token that was refused is not kept")
    func keepsGoodOnes() throws {
        let users = try Bench.users()
        let token = try Bench.forge(payload: Bench.payload(["iss": #""somebody""#]))
        for _ in 0..<2 {
            #expect(throws: TokenError.issuerRefused) { try users.verify(token, at: Bench.now) }
        }
    }

    @Test("a text that only looks like a known token is not known")
    func comparesBytes() {
        let known = KnownTokens()
        known.remember("K", Self.claims)
        #expect(known.claims(of: "K") == Self.claims)
        #expect(known.claims(of: "\u{212A}") == nil)
    }

    @Test("tokens that nobody asks for are forgotten, and counted")
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
