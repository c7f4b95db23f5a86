internal import StrictJSON

/// Signs tokens with an HS256 secret or an Ed25519 private key.
public struct TokenSigner: Sendable {
    private let key: Key
    private let keyID: String?

    private enum Key: Sendable {
        case secret(HMACKey)
        case ed25519(PrivateKey)
    }

    /// Creates a signer from a secret, under the rules of `VerificationKey.hs256`, with an optional
    /// `kid`.
    public init(secret: [UInt8], keyID: String? = nil) throws(KeyError) {
        key = .secret(try VerificationKey.hmacKey(secret))
        self.keyID = keyID
    }

    /// Creates a signer from the 32 bytes of an Ed25519 private key, for a simulated identity
    /// provider.
    package init(ed25519 seed: [UInt8], keyID: String) throws(CryptoError) {
        key = .ed25519(try PrivateKey(ed25519: seed))
        self.keyID = keyID
    }

    /// The public key; nil for a secret.
    package func publicKey() throws(CryptoError) -> [UInt8]? {
        switch key {
        case .secret: nil
        case .ed25519(let key): try key.publicKey()
        }
    }

    /// Signs `claims` as a token of `kind`.
    public func sign(_ claims: Claims, as kind: TokenKind) throws(CryptoError) -> String {
        var header = JSONObject()
        header["alg"] = .string(algorithm.rawValue)
        header["kid"] = keyID.map { .string($0) }
        header["typ"] = .string(kind.type)
        return try sign(
            header: JSONWriter.write(.object(header)),
            payload: JSONWriter.write(claims.json)
        )
    }

    /// Signs any header and payload, even invalid ones.
    package func sign(header: [UInt8], payload: [UInt8]) throws(CryptoError) -> String {
        var text = Base64URL.encode(header)
        text.append(UInt8(ascii: "."))
        text += Base64URL.encode(payload)
        let signature = try signature(of: text[...])
        text.append(UInt8(ascii: "."))
        text += Base64URL.encode(signature)
        return String(decoding: text, as: UTF8.self)
    }

    private var algorithm: SignatureAlgorithm {
        switch key {
        case .secret: .hs256
        case .ed25519: .edDSA
        }
    }

    private func signature(of message: ArraySlice<UInt8>) throws(CryptoError) -> [UInt8] {
        switch key {
        case .secret(let key): try key.tag(of: message)
        case .ed25519(let key): try key.signature(of: message)
        }
    }
}
