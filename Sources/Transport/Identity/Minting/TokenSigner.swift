internal import StrictJSON

/// Signs tokens with an HS256 secret.
public struct TokenSigner: Sendable {
    private let key: HMACKey
    private let keyID: String?

    /// Takes a secret by the rules of `VerificationKey.hs256`, and the `kid` to write if it has one.
    public init(secret: [UInt8], keyID: String? = nil) throws(KeyError) {
        key = try VerificationKey.hmacKey(secret)
        self.keyID = keyID
    }

    /// Returns a token of a kind that says the claims.
    public func sign(_ claims: Claims, as kind: TokenKind) throws(CryptoError) -> String {
        var header = JSONObject()
        header["alg"] = .string(SignatureAlgorithm.hs256.rawValue)
        header["kid"] = keyID.map { .string($0) }
        header["typ"] = .string(kind.type)
        return try sign(
            header: JSONWriter.write(.object(header)),
            payload: JSONWriter.write(claims.json)
        )
    }

    /// Returns a token of any two texts, sound or not.
    package func sign(header: [UInt8], payload: [UInt8]) throws(CryptoError) -> String {
        var text = Base64URL.encode(header)
        text.append(UInt8(ascii: "."))
        text += Base64URL.encode(payload)
        let tag = try key.tag(of: text[...])
        text.append(UInt8(ascii: "."))
        text += Base64URL.encode(tag)
        return String(decoding: text, as: UTF8.self)
    }
}
