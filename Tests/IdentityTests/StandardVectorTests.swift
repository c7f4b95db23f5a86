import TestSupport
import Testing

@testable import Identity

@Suite("the examples of the RFCs and of PyJWT")
struct StandardVectorTests {
    private func payload(_ text: String, _ keys: KeySet) throws -> [UInt8] {
        let token = try CompactToken(Array(text.utf8))
        try keys.authenticate(token)
        return try token.payload()
    }

    @Test("RFC 7515 A.1: HS256")
    func hs256() throws {
        let secret = try #require(Base64URL.decode(RFCExamples.hs256Key))
        let keys = try KeySet([.hs256(secret: secret)])
        #expect(try payload(RFCExamples.hs256, keys) == Base64URL.decode(RFCExamples.payload))
    }

    @Test(
        "RFC 7515 A.2 and A.3, RFC 8037 A.4: RS256, ES256, Ed25519",
        arguments: [
            (RFCExamples.rs256, RFCExamples.rs256Key), (RFCExamples.es256, RFCExamples.es256Key),
            (RFCExamples.edDSA, RFCExamples.edDSAKey),
        ]
    )
    func publicKeys(token: String, key: String) throws {
        let keys = try KeySet(jwks: PyJWT.jwks(key))
        #expect(try payload(token, keys).isEmpty == false)
        for flipped in [token.count - 80, token.count - 20] {
            var bytes = Array(token.utf8)
            bytes[flipped] = bytes[flipped] == UInt8(ascii: "A") ? 0x42 : 0x41
            let forged = try CompactToken(bytes)
            #expect(throws: TokenError.signatureRefused) { try keys.authenticate(forged) }
        }
    }

    @Test(
        "a signature of the wrong length is refused, not an error",
        arguments: [0, 1, 63, 64, 65, 255, 256, 257]
    )
    func lengths(count: Int) throws {
        let keys = try KeySet(jwks: PyJWT.jwks(PyJWT.rsaKey, PyJWT.ecKey, PyJWT.edKey))
        for key in keys.keys {
            for byte: UInt8 in [0, 0x7F, 0xFF] {
                let signature = [UInt8](repeating: byte, count: count)
                #expect(try !key.accepts(signature, of: [1, 2, 3]))
            }
        }
    }

    @Test(
        "PyJWT's tokens are read, under every algorithm",
        arguments: [PyJWT.rs256, PyJWT.es256, PyJWT.edDSA, PyJWT.hs256Named]
    )
    func pyJWT(token: String) throws {
        let jwks = try KeySet(jwks: PyJWT.jwks(PyJWT.rsaKey, PyJWT.ecKey, PyJWT.edKey))
        let secret = try VerificationKey.hs256(secret: Array(PyJWT.secret.utf8), id: "hs-1")
        let claims = try Bench.users(KeySet(jwks.keys + [secret])).verify(token, at: Bench.now)
        #expect(claims == Self.claims)
    }

    @Test("PyJWT's token without a kid is read with a secret without one")
    func pyJWTWithoutKeyID() throws {
        #expect(try Bench.users().verify(PyJWT.hs256, at: Bench.now) == Self.claims)
    }

    @Test("SHA-256 of FIPS 180-4's examples")
    func digests() {
        #expect(
            Base64URL.text(SHA256Digest.digest([])) == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
        )
        #expect(
            Base64URL.text(SHA256Digest.digest(Array("abc".utf8)))
                == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
        )
    }

    private static let claims = Claims(
        issuer: "florin",
        subject: "user-1",
        audience: ["gateway"],
        scopes: "payment:write payment:read",
        expiresAt: 4_102_444_800,
        issuedAt: 1_700_000_000,
        id: "fixture"
    )
}
