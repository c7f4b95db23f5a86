internal import StrictJSON

/// The current verification keys: one, two during a rotation, or those of a JWKS.
///
/// A token with a `kid` is verified with the key of that id only, and refused when there is none. A
/// token without a `kid` is tried with the keys that have no id; so two HS256 secrets can take
/// turns.
public struct KeySet: Sendable {
    /// The most keys in a set, and so the most signatures computed for one token.
    public static let keysMax = 32

    /// The keys, in the order in which they are tried.
    public let keys: [VerificationKey]

    /// Creates a set from keys with distinct ids.
    ///
    /// - Throws: ``KeyError`` for more than ``keysMax`` keys or a repeated id.
    public init(_ keys: [VerificationKey]) throws(KeyError) {
        guard keys.count <= Self.keysMax else { throw .setTooLarge(keys: keys.count) }
        for (position, key) in keys.enumerated() {
            guard let id = key.id else { continue }
            let isRepeated = keys[..<position].contains { $0.id?.hasSameBytes(as: id) == true }
            guard !isRepeated else { throw .keyIDRepeated(id) }
        }
        self.keys = keys
    }

    /// Creates a set from an HS256 secret and, during a rotation, the previous one, as UTF-8.
    public static func hs256(
        secret: String,
        previous: String? = nil
    ) throws(KeyError) -> KeySet {
        var keys = [try VerificationKey.hs256(secret: Array(secret.utf8))]
        if let previous { keys.append(try VerificationKey.hs256(secret: Array(previous.utf8))) }
        return try KeySet(keys)
    }

    /// Verifies the signature of `token` with the keys that it may choose.
    ///
    /// - Throws: ``TokenError`` for an unknown key, a key of another algorithm, or a bad signature.
    func authenticate(_ token: CompactToken) throws(TokenError) {
        var (isKnown, isSuitable) = (false, false)
        for key in keys where Self.names(key.id, token.header.keyID) {
            isKnown = true
            guard key.algorithm.rawValue.hasSameBytes(as: token.header.algorithm) else { continue }
            isSuitable = true
            do {
                if try key.accepts(token.signature, of: token.signingInput) { return }
            } catch {
                throw .crypto(error)
            }
        }
        throw !isKnown ? .keyUnknown : !isSuitable ? .algorithmRefused : .signatureRefused
    }

    private static func names(_ own: String?, _ wanted: String?) -> Bool {
        switch (own, wanted) {
        case (nil, nil): true
        case (let own?, let wanted?): own.hasSameBytes(as: wanted)
        default: false
        }
    }
}

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
