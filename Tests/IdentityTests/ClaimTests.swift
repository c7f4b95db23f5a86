import TestSupport
import Testing

@testable import Identity

@Suite("claims")
struct ClaimTests {
    private func verdict(_ payload: String, at now: UnixSeconds = Bench.now) throws -> TokenError? {
        do {
            _ = try Bench.users().verify(try Bench.forge(payload: payload), at: now)
            return nil
        } catch let error as TokenError {
            return error
        }
    }

    @Test(
        "a missing claim or one of the wrong type is named",
        arguments: [
            ("iss", "", .claimMissing(.issuer)), ("iss", "1", .claimMalformed(.issuer)),
            ("iss", "null", .claimMalformed(.issuer)), ("iss", #""Florin""#, .issuerRefused),
            ("iss", #""florin ""#, .issuerRefused),
            ("iss", #"["florin"]"#, .claimMalformed(.issuer)),
            ("aud", "", .claimMissing(.audience)), ("aud", "{}", .claimMalformed(.audience)),
            ("aud", "[]", .audienceRefused), ("aud", #""ledger""#, .audienceRefused),
            ("aud", #""gateway ledger""#, .audienceRefused),
            ("aud", #"["ledger"]"#, .audienceRefused),
            ("aud", #"["gateway",1]"#, .claimMalformed(.audience)),
            ("aud", #"[["gateway"]]"#, .claimMalformed(.audience)),
            ("sub", "", .claimMissing(.subject)), ("sub", #""""#, .claimMalformed(.subject)),
            ("sub", "7", .claimMalformed(.subject)), ("exp", "", .claimMissing(.expiry)),
            ("scope", #"["a"]"#, .claimMalformed(.scope)),
            ("scope", "null", .claimMalformed(.scope)),
            ("jti", "1", .claimMalformed(.id)),
        ] as [(String, String, TokenError)]
    )
    func malformed(name: String, value: String, error: TokenError) throws {
        #expect(try verdict(Bench.payload([name: value])) == error)
    }

    @Test(
        "an audience may be our name or a list with it",
        arguments: [
            #""gateway""#, #"["gateway"]"#, #"["ledger","gateway"]"#,
        ]
    )
    func audiences(value: String) throws {
        #expect(try verdict(Bench.payload(["aud": value])) == nil)
    }

    @Test("an issuer is compared by its bytes: a Kelvin sign is no K")
    func bytewise() throws {
        let verifier = TokenVerifier(
            keys: try .hs256(secret: PyJWT.secret),
            issuer: "K",
            audience: "gateway",
            kind: .user
        )
        let token = try Bench.forge(payload: Bench.payload(["iss": "\"\u{212A}\""]))
        #expect(throws: TokenError.issuerRefused) { try verifier.verify(token, at: Bench.now) }
    }

    @Test(
        "a date that is not a plain decimal is refused unevaluated",
        arguments: [
            #""1700000400""#, "null", "true", "[1700000400]", "{}", "-1", "-0", "-0.5", "1e400",
            "1E10", "1.7e9", "1e-400", "9223372036854775808", "9223372036854775808.5",
            "99999999999999999999999999",
        ],
        [("exp", .expiry), ("nbf", .notBefore), ("iat", .issuedAt)]
            as [(String, TokenError.Claim)]
    )
    func dates(value: String, claim: (String, TokenError.Claim)) throws {
        #expect(try verdict(Bench.payload([claim.0: value])) == .claimMalformed(claim.1))
    }

    @Test(
        "a date that is not a JSON number makes the payload invalid",
        arguments: [
            "NaN", "Infinity", "-Infinity", "1.", "01700000400", "+1", "0x7FFFFFFF",
        ]
    )
    func impossibleDates(value: String) throws {
        guard case .partNotJSON(.payload, _)? = try verdict(Bench.payload(["exp": value])) else {
            Issue.record("\(value) was read")
            return
        }
    }

    @Test("the largest date is in the future and a fraction is rounded down")
    func extremeDates() throws {
        #expect(try verdict(Bench.payload(["exp": "9223372036854775807"])) == nil)
        #expect(try verdict(Bench.payload(["exp": "9223372036854775807"]), at: .max) == nil)
        #expect(try verdict(Bench.payload(["nbf": "9223372036854775807"])) == .notYetValid)
        #expect(try verdict(Bench.payload(["iat": "9223372036854775807"])) == .issuedInFuture)
        #expect(try verdict(Bench.payload(["exp": "0"]), at: .min) == nil)
        let token = try Bench.forge(payload: Bench.payload(["exp": "1700000400.999"]))
        #expect(try Bench.users().verify(token, at: Bench.now).expiresAt == 1_700_000_400)
    }

    @Test(
        "each date applies to the second, with the skew",
        arguments: [0, 1, 60]
    )
    func edges(skew: Int64) throws {
        let verifier = try Bench.users(skew: skew)
        let token = try Bench.forge(payload: Bench.payload(["exp": "2000", "nbf": "1000"]))
        let issued = try Bench.forge(payload: Bench.payload(["exp": "2000", "iat": "1000"]))
        for good in [1000 - skew, 1000, 1999, 1999 + skew] {
            _ = try verifier.verify(token, at: good)
            _ = try verifier.verify(issued, at: good)
        }
        #expect(throws: TokenError.expired) { try verifier.verify(token, at: 2000 + skew) }
        #expect(throws: TokenError.notYetValid) { try verifier.verify(token, at: 999 - skew) }
        #expect(throws: TokenError.issuedInFuture) { try verifier.verify(issued, at: 999 - skew) }
    }

    @Test("a payload that names a claim twice, or is no object, is refused")
    func payloads() throws {
        let reason = "an object names a member twice (byte 64)"
        #expect(
            try verdict(Bench.payload(more: #","exp":9999999999"#))
                == .partNotJSON(.payload, reason: reason)
        )
        #expect(try verdict("[]") == .partNotObject(.payload))
        #expect(try verdict(#""florin""#) == .partNotObject(.payload))
        #expect(try verdict("null") == .partNotObject(.payload))
        #expect(try verdict(Bench.payload(["other": #"{"a":[1,{"b":null}]}"#])) == nil)
    }

    @Test("scopes are compared as whole words")
    func scopes() throws {
        let payload = Bench.payload(["scope": #""payment:write  refund:read""#])
        let scopes = try Bench.users().verify(Bench.forge(payload: payload), at: Bench.now).scopes
        #expect(scopes.words == ["payment:write", "refund:read"])
        #expect(scopes.contains("payment:write"))
        for word in ["payment", "payment:", "write", "PAYMENT:WRITE", "", " ", "payment:write "] {
            #expect(!scopes.contains(word))
        }
        #expect(!scopes.contains("payment:write  refund:read"))
        #expect(Scopes("").isEmpty && Scopes(" ").words == [] && !Scopes("").contains(""))
        #expect(!Scopes("a\tb").contains("a"))
    }
}
