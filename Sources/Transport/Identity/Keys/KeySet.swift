internal import StrictJSON

/// The keys that are live at one time: one, two during a rotation, or what a JWKS lists.
///
/// A token with a `kid` is judged by the key of that name alone, and refused when there is none.
/// A token without is tried on the keys without, which is how two HS256 secrets take turns.
public struct KeySet: Sendable {
    /// The most keys of a set, and so the most signatures that one token can make us compute.
    public static let keysMax = 32

    /// The keys, in the order in which they are tried.
    public let keys: [VerificationKey]

    /// Takes keys of which no two have the same name.
    public init(_ keys: [VerificationKey]) throws(KeyError) {
        guard keys.count <= Self.keysMax else { throw .setTooLarge(keys: keys.count) }
        for (position, key) in keys.enumerated() {
            guard let id = key.id else { continue }
            let isRepeated = keys[..<position].contains { $0.id?.hasSameBytes(as: id) == true }
            guard !isRepeated else { throw .keyIDRepeated(id) }
        }
        self.keys = keys
    }

    /// Takes the UTF-8 bytes of an HS256 secret and, during a rotation, of the one before it.
    public static func hs256(
        secret: String,
        previous: String? = nil
    ) throws(KeyError) -> KeySet {
        var keys = [try VerificationKey.hs256(secret: Array(secret.utf8))]
        if let previous { keys.append(try VerificationKey.hs256(secret: Array(previous.utf8))) }
        return try KeySet(keys)
    }

    /// Throws unless a key that the token may choose, by its own algorithm, made the signature.
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
