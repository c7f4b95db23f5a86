import TestSupport
import Testing

@testable import Identity

@Suite("JSON Web Key Sets")
struct JWKSTests {
    @Test("RSA, P-256 and Ed25519 keys are read with their ids")
    func reads() throws {
        let set = try KeySet(jwks: PyJWT.jwks(PyJWT.rsaKey, PyJWT.ecKey, PyJWT.edKey))
        #expect(set.keys.map(\.algorithm) == [.rs256, .es256, .edDSA])
        #expect(set.keys.map(\.id) == ["rsa-1", "ec-1", "ed-1"])
    }

    @Test(
        "a key for another use is ignored",
        arguments: [
            changed(PyJWT.rsaKey, #""sig""#, #""enc""#), changed(PyJWT.rsaKey, "RS256", "PS256"),
            changed(PyJWT.rsaKey, "RS256", "RSA-OAEP"), changed(PyJWT.ecKey, "P-256", "secp256k1"),
            changed(PyJWT.edKey, "Ed25519", "X25519"), changed(PyJWT.ecKey, #""EC""#, #""PQ""#),
            changed(PyJWT.rsaKey, #""use":"sig""#, #""key_ops":["encrypt"]"#),
        ]
    )
    func passesOver(key: String) throws {
        #expect(throws: KeyError.setHasNoUsableKey) { try KeySet(jwks: PyJWT.jwks(key)) }
        let set = try KeySet(jwks: PyJWT.jwks(key, changed(PyJWT.edKey, "ed-1", "other")))
        #expect(set.keys.map(\.id) == ["other"])
    }

    @Test(
        "a private, symmetric or invalid key is refused",
        arguments: [
            (#"{"kty":"oct","k":"AAAA"}"#, .keyIsSymmetric(position: 0)),
            (changed(PyJWT.rsaKey, #""e""#, #""d":"AQ","e""#), .keyIsPrivate(position: 0)),
            (changed(PyJWT.ecKey, #""x""#, #""d":"AQ","x""#), .keyIsPrivate(position: 0)),
            (
                changed(PyJWT.edKey, #""use":"sig""#, #""use":"enc","d":"""#),
                .keyIsPrivate(position: 0)
            ),
            (
                changed(PyJWT.rsaKey, #""kty":"RSA","#, ""),
                .keyMalformed(position: 0, member: "kty")
            ),
            (changed(PyJWT.rsaKey, #""rsa-1""#, "7"), .keyMalformed(position: 0, member: "kid")),
            (changed(PyJWT.rsaKey, "rsa-1", ""), .keyMalformed(position: 0, member: "kid")),
            (changed(PyJWT.rsaKey, "AQAB", "AAEAAQ"), .keyMalformed(position: 0, member: "e")),
            (changed(PyJWT.rsaKey, "AQAB", "AQAB="), .keyMalformed(position: 0, member: "e")),
            (changed(PyJWT.rsaKey, "AQAB", ""), .keyMalformed(position: 0, member: "e")),
            (changed(PyJWT.rsaKey, "AQAB", "AQ"), .keyUnsound(position: 0)),
            (changed(PyJWT.rsaKey, "AQAB", "BA"), .keyUnsound(position: 0)),
            (
                changed(PyJWT.rsaKey, PyJWT.rsaModulus, PyJWT.weakModulus),
                .keyTooWeak(position: 0, bits: 1024)
            ),
            (changed(PyJWT.ecKey, #""y":""#, #""y":"AA"#), .keyMalformed(position: 0, member: "y")),
            (changed(PyJWT.ecKey, #""x":"f"#, #""x":"g"#), .keyUnsound(position: 0)),
            (
                changed(PyJWT.edKey, #""x":""#, #""x":"AAAA"#),
                .keyMalformed(position: 0, member: "x")
            ),
            (
                changed(PyJWT.ecKey, #""crv":"P-256","#, ""),
                .keyMalformed(position: 0, member: "crv")
            ),
            (#""key""#, .setMalformed(reason: "key 0 is no object")),
            ("\(PyJWT.edKey),\(PyJWT.edKey)", .keyIDRepeated("ed-1")),
            (changed(PyJWT.edKey, #""use""#, #""kid":"x","use""#), malformed),
        ] as [(String, KeyError?)]
    )
    func refuses(key: String, expected: KeyError?) throws {
        let error = #expect(throws: KeyError.self) { try KeySet(jwks: PyJWT.jwks(key)) }
        #expect(expected.map { $0 == error } ?? error?.isOfTheSet == true)
    }

    @Test(
        "a file that is not a key set is refused",
        arguments: [
            "", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[],"keys":[]}"#, #"{"keys":[]"#,
        ]
    )
    func refusesFiles(text: String) {
        let error = #expect(throws: KeyError.self) { try KeySet(jwks: Array(text.utf8)) }
        #expect(error?.isOfTheSet == true)
    }

    @Test("an oversized file and one without usable keys are refused")
    func bounds() {
        let blank = [UInt8](repeating: 0x20, count: KeySet.jwksBytesMax)
        #expect(throws: KeyError.self) { try KeySet(jwks: blank + PyJWT.jwks(PyJWT.edKey)) }
        #expect(throws: KeyError.setHasNoUsableKey) { try KeySet(jwks: PyJWT.jwks()) }
    }

    @Test("a token without a kid uses keys without an id, each with its own algorithm")
    func unnamedKeys() throws {
        let keys = [RFCExamples.rs256Key, RFCExamples.es256Key, RFCExamples.edDSAKey]
        let set = try KeySet(jwks: PyJWT.jwks(keys.joined(separator: ",")))
        let texts = [RFCExamples.rs256, RFCExamples.es256, RFCExamples.edDSA]
        for (place, text) in texts.enumerated() {
            let token = try CompactToken(Array(text.utf8))
            #expect(throws: Never.self) { try set.authenticate(token) }
            var others = keys
            others.remove(at: place)
            let without = try KeySet(jwks: PyJWT.jwks(others.joined(separator: ",")))
            #expect(throws: TokenError.algorithmRefused) { try without.authenticate(token) }
        }
    }
}

/// Stands for any `setMalformed` error.
private let malformed: KeyError? = nil

extension KeyError {
    fileprivate var isOfTheSet: Bool {
        guard case .setMalformed = self else { return false }
        return true
    }
}

private func changed(_ key: String, _ old: String, _ new: String) -> String {
    let parts = Array(key.utf8)
    let sought = Array(old.utf8)
    for start in 0...(parts.count - sought.count)
    where Array(parts[start..<start + sought.count]) == sought {
        let bytes = parts[..<start] + Array(new.utf8) + parts[(start + sought.count)...]
        return String(decoding: bytes, as: UTF8.self)
    }
    preconditionFailure("the key does not have \(old)")
}
