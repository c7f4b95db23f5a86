import TestSupport
import Testing

@testable import Identity

@Suite("keys")
struct KeyTests {
    private static let other = "Zq8Wm3Xc5Vb7Nn9Kk1Jj2Hh4Gg6Ff0Dd"

    @Test(
        "a well-known or short secret is refused",
        arguments: [
            ("", .secretEmpty), ("short", .secretTooShort(bytes: 5)),
            ("k7Qz2vN9xR4tB8wL1mJ6pD3sF5gH0yC", .secretTooShort(bytes: 31)),
            ("your-256-bit-secret", .secretIsSample), ("Your_256_bit_SECRET\n", .secretIsSample),
            ("change-me-please-change-me-please-!", .secretIsSample),
            ("secretsecretsecretsecretsecretsecret", .secretIsSample),
            (" a-string-secret-at-least-256-bits-long ", .secretIsSample),
            ("CHANGE_ME", .secretIsSample),
            ("changemechangemechangemechangemechange", .secretIsSample),
        ] as [(String, KeyError)]
    )
    func secrets(secret: String, error: KeyError) {
        #expect(throws: error) { try KeySet.hs256(secret: secret) }
        #expect(throws: error) { try KeySet.hs256(secret: Self.other, previous: secret) }
        #expect(throws: error) { try TokenSigner(secret: Array(secret.utf8)) }
        #expect(secret.isEmpty || !error.description.contains(secret))
    }

    @Test("every sample is recognised", arguments: SampleSecrets.known)
    func samples(sample: String) {
        #expect(throws: KeyError.secretIsSample) { try KeySet.hs256(secret: sample) }
    }

    @Test("during a rotation the old and the new secret are valid, and no third")
    func rotation() throws {
        let verifier = try Bench.users(.hs256(secret: Self.other, previous: PyJWT.secret))
        _ = try verifier.verify(PyJWT.hs256, at: Bench.now)
        let payload = Array(Bench.payload().utf8)
        let header = Array(#"{"alg":"HS256"}"#.utf8)
        let new = try Bench.signer(Self.other).sign(header: header, payload: payload)
        _ = try verifier.verify(new, at: Bench.now)
        let third = try Bench.signer(Self.other + "x").sign(header: header, payload: payload)
        #expect(throws: TokenError.signatureRefused) { try verifier.verify(third, at: Bench.now) }
    }

    @Test("a token with a kid uses that key only, and one without a kid never a named key")
    func selection() throws {
        let named = try VerificationKey.hs256(secret: Array(PyJWT.secret.utf8), id: "hs-1")
        let wrong = try VerificationKey.hs256(secret: Array(Self.other.utf8), id: "hs-1")
        let plain = try VerificationKey.hs256(secret: Array(PyJWT.secret.utf8))
        _ = try Bench.users(KeySet([named])).verify(PyJWT.hs256Named, at: Bench.now)
        for (keys, token, error) in [
            ([named], PyJWT.hs256, .keyUnknown), ([plain], PyJWT.hs256Named, .keyUnknown),
            ([wrong, plain], PyJWT.hs256Named, .signatureRefused), ([], PyJWT.hs256, .keyUnknown),
        ] as [([VerificationKey], String, TokenError)] {
            let verifier = try Bench.users(KeySet(keys))
            #expect(throws: error) { try verifier.verify(token, at: Bench.now) }
        }
    }

    @Test("two keys with one id, and more keys than the bound, are refused")
    func setBounds() throws {
        let key = try VerificationKey.hs256(secret: Array(PyJWT.secret.utf8), id: "a")
        let plain = try VerificationKey.hs256(secret: Array(PyJWT.secret.utf8))
        #expect(throws: KeyError.keyIDRepeated("a")) { try KeySet([key, plain, key]) }
        #expect(throws: KeyError.setTooLarge(keys: 33)) {
            try KeySet(Array(repeating: plain, count: 33))
        }
    }
}
