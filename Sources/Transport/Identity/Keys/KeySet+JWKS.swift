internal import StrictJSON

extension KeySet {
    /// The largest JWKS, in bytes.
    public static let jwksBytesMax = 64 * 1024

    /// Reads a JWKS (RFC 7517 § 5) of RSA, P-256 and Ed25519 signature keys.
    ///
    /// Keys for encryption, for other algorithms and of other types are ignored, as the RFC asks.
    /// Private and symmetric keys are refused: a JWKS is public, so their secrets are known.
    public init(jwks: [UInt8]) throws(KeyError) {
        var keys: [VerificationKey] = []
        for (position, element) in try Self.elements(jwks).enumerated() {
            guard let members = element.object else {
                throw .setMalformed(reason: "key \(position) is no object")
            }
            let key = try JSONWebKey(members, position: position).verificationKey()
            if let key { keys.append(key) }
        }
        guard !keys.isEmpty else { throw .setHasNoUsableKey }
        try self.init(keys)
    }

    private static func elements(_ jwks: [UInt8]) throws(KeyError) -> [JSONValue] {
        let value: JSONValue
        do {
            value = try JSONReader.read(jwks, limits: JSONLimits(bytesMax: jwksBytesMax))
        } catch {
            throw .setMalformed(reason: error.description)
        }
        guard let keys = value.object?["keys"]?.array else {
            throw .setMalformed(reason: "it has no array named keys")
        }
        return keys
    }
}
