import TestSupport
import Testing

@testable import Identity

@Suite("forged and broken tokens")
struct ForgeryTests {
    private func expect(_ error: TokenError, _ token: String) throws {
        let verifier = try Bench.users()
        #expect(throws: error) { try verifier.verify(token, at: Bench.now) }
    }

    @Test("the token from which the others are forged is valid")
    func control() throws {
        #expect(try Bench.users().verify(try Bench.forge(), at: Bench.now).subject == "user-1")
    }

    @Test(
        "only the key's own algorithm is accepted",
        arguments: [
            "none", "None", "NONE", "nOnE", "", "HS256 ", "hs256", "HS384", "HS512", "RS256",
            "ES256",
            "EdDSA", "PS256", "A256GCM", "HS256\\u0000",
        ]
    )
    func algorithms(name: String) throws {
        try expect(.algorithmRefused, try Bench.forge(header: "{\"alg\":\"\(name)\"}"))
    }

    @Test("an unsigned token is refused", arguments: ["none", "None", "NONE", "HS256"])
    func unsigned(name: String) throws {
        let header = Base64URL.text(Array("{\"alg\":\"\(name)\"}".utf8))
        let payload = Base64URL.text(Array(Bench.payload().utf8))
        try expect(.partEmpty(.signature), "\(header).\(payload).")
        try expect(.notThreeParts, "\(header).\(payload)")
        try expect(
            name == "HS256" ? .signatureRefused : .algorithmRefused,
            "\(header).\(payload).AAAA"
        )
    }

    @Test("an RSA key is never an HMAC secret, even if the token names it and the MAC fits")
    func algorithmConfusion() throws {
        let verifier = try Bench.users(KeySet(jwks: PyJWT.jwks(PyJWT.rsaKey)))
        #expect(throws: TokenError.algorithmRefused) {
            try verifier.verify(PyJWT.confused, at: Bench.now)
        }
    }

    @Test(
        "a malformed or rule-changing header is refused",
        arguments: [
            (#"{}"#, .headerMalformed(parameter: "alg")),
            (#"{"alg":null}"#, .headerMalformed(parameter: "alg")),
            (#"{"alg":["HS256"]}"#, .headerMalformed(parameter: "alg")),
            (#"{"alg":"HS256","kid":1}"#, .headerMalformed(parameter: "kid")),
            (#"{"alg":"HS256","typ":null}"#, .headerMalformed(parameter: "typ")),
            (#"{"alg":"HS256","kid":""}"#, .keyUnknown),
            (#"{"alg":"HS256","kid":"other"}"#, .keyUnknown),
            (#"{"alg":"HS256","kid":"../../dev/null"}"#, .keyUnknown),
            (#"{"alg":"HS256","crit":[]}"#, .headerRefused(parameter: "crit")),
            (#"{"alg":"HS256","crit":["exp"]}"#, .headerRefused(parameter: "crit")),
            (#"{"alg":"HS256","crit":["b64"],"b64":false}"#, .headerRefused(parameter: "crit")),
            (#"{"alg":"HS256","b64":true}"#, .headerRefused(parameter: "b64")),
            (#"{"alg":"HS256","zip":"DEF"}"#, .headerRefused(parameter: "zip")),
            (#"{"alg":"HS256","enc":"A128GCM"}"#, .headerRefused(parameter: "enc")),
            (#"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}"#, .headerRefused(parameter: "jwk")),
            (#"{"alg":"HS256","jku":"https://a"}"#, .headerRefused(parameter: "jku")),
            (#"{"alg":"HS256","x5u":"https://a"}"#, .headerRefused(parameter: "x5u")),
            (#"{"alg":"HS256","x5c":[]}"#, .headerRefused(parameter: "x5c")),
            (#"{"alg":"HS256","typ":"st+jwt"}"#, .typeRefused),
            (#"{"alg":"HS256","typ":""}"#, .typeRefused),
            (#"{"alg":"HS256","typ":"JWTx"}"#, .typeRefused),
            (#"{"alg":"HS256","typ":"dpop+jwt"}"#, .typeRefused),
            (#"["HS256"]"#, .partNotObject(.header)),
            (
                #"{"alg":"HS256","alg":"HS256"}"#,
                notJSON(.header, "an object names a member twice", 15)
            ),
            (
                #"{"alg":"none","al\u0067":"HS256"}"#,
                notJSON(.header, "an object names a member twice", 14)
            ),
            (#"{"alg":"HS256"} {}"#, notJSON(.header, "bytes follow the value", 16)),
            (#"alg"#, notJSON(.header, "this byte cannot stand here", 0)),
        ] as [(String, TokenError)]
    )
    func headers(header: String, error: TokenError) throws {
        try expect(error, try Bench.forge(header: header))
    }

    @Test(
        "a user's typ may be absent, JWT or at+jwt in any letter case",
        arguments: [
            "JWT", "jwt", "Jwt", "at+jwt", "AT+JWT",
        ]
    )
    func userTypes(type: String) throws {
        let token = try Bench.forge(header: "{\"alg\":\"HS256\",\"typ\":\"\(type)\"}")
        #expect(try Bench.users().verify(token, at: Bench.now).subject == "user-1")
    }

    @Test("dots, parts and letters out of place are refused")
    func shapes() throws {
        let token = try Bench.forge()
        let parts = token.split(separator: ".").map(String.init)
        try expect(.notThreeParts, "")
        try expect(.notThreeParts, parts[0])
        try expect(.notThreeParts, token + ".")
        try expect(.notThreeParts, token + "." + parts[2])
        try expect(.notThreeParts, "." + token)
        try expect(.partEmpty(.header), "..")
        try expect(.partEmpty(.header), ".\(parts[1]).\(parts[2])")
        try expect(.partEmpty(.payload), "\(parts[0])..\(parts[2])")
        try expect(.partEmpty(.signature), "\(parts[0]).\(parts[1]).")
        try expect(.signatureRefused, String(token.dropLast(3)))
        try expect(.signatureRefused, "\(parts[0]).\(parts[1]).AAAA")
        for letter in ["=", " ", "\n", "+", "/", "\0", "é"] {
            try expect(.partNotBase64URL(.header), "\(parts[0])\(letter).\(parts[1]).\(parts[2])")
            try expect(.partNotBase64URL(.signature), token + letter)
            try expect(.partNotBase64URL(.header), letter + token)
        }
        try expect(.notThreeParts, #"{"payload":"\#(parts[1])","protected":"\#(parts[0])"}"#)
    }

    @Test("a signed payload that is not canonical base64url is refused")
    func signedNonsense() throws {
        let header = Base64URL.text(Array(#"{"alg":"HS256"}"#.utf8))
        let key = try HMACKey(Array(PyJWT.secret.utf8))
        for payload in ["Zh", "Zg==", "A", "Zm 9v"] {
            let text = "\(header).\(payload)"
            let tag = Base64URL.text(try key.tag(of: Array(text.utf8)[...]))
            try expect(.partNotBase64URL(.payload), "\(text).\(tag)")
        }
    }

    @Test("a token over 4 KiB is not parsed; one of 4 KiB is")
    func sizes() throws {
        try expect(.tooLong(bytes: 4097), String(repeating: "A", count: 4097))
        try expect(.notThreeParts, String(repeating: "A", count: 4096))
        try expect(.tooLong(bytes: 10_000_000), String(repeating: ".", count: 10_000_000))
    }

    @Test("a token with a bit flipped, or a byte dropped or doubled, is refused")
    func bitFlips() throws {
        let good = Array(PyJWT.hs256.utf8)
        let verifier = try Bench.users()
        _ = try verifier.verify(good, at: Bench.now)
        for place in good.indices {
            for bit in UInt8(0)..<8 {
                var bytes = good
                bytes[place] ^= 1 << bit
                #expect(throws: TokenError.self) { try verifier.verify(bytes, at: Bench.now) }
            }
            var (shorter, longer) = (good, good)
            shorter.remove(at: place)
            longer.insert(good[place], at: place)
            #expect(throws: TokenError.self) { try verifier.verify(shorter, at: Bench.now) }
            #expect(throws: TokenError.self) { try verifier.verify(longer, at: Bench.now) }
        }
    }

    @Test("a header is cached by its whole text, so that any other is checked")
    func rememberedHeader() throws {
        let verifier = try Bench.users()
        _ = try verifier.verify(PyJWT.hs256, at: Bench.now)
        _ = try verifier.verify(PyJWT.hs256, at: Bench.now)
        let critical = try Bench.forge(header: #"{"alg":"HS256","typ":"JWT","crit":[]}"#)
        #expect(throws: TokenError.headerRefused(parameter: "crit")) {
            try verifier.verify(critical, at: Bench.now)
        }
        let foreign = try Bench.forge(header: #"{"alg":"HS256","typ":"st+jwt"}"#)
        #expect(throws: TokenError.typeRefused) { try verifier.verify(foreign, at: Bench.now) }
        _ = try verifier.verify(PyJWT.hs256, at: Bench.now)
    }
}

private func notJSON(_ part: TokenError.Part, _ reason: String, _ byte: Int) -> TokenError {
    .partNotJSON(part, reason: "\(reason) (byte \(byte))")
}
