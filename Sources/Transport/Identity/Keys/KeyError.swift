/// The reason for refusing a key; the program does not start with such a key.
public enum KeyError: Error, Sendable, Hashable {
    case secretEmpty
    case secretTooShort(bytes: Int)
    case secretIsSample
    case setMalformed(reason: String)
    case setTooLarge(keys: Int)
    case setHasNoUsableKey
    case keyIDRepeated(String)
    case keyIsPrivate(position: Int)
    case keyIsSymmetric(position: Int)
    case keyMalformed(position: Int, member: String)
    case keyTooWeak(position: Int, bits: Int)
    case keyUnsound(position: Int)
    case crypto(CryptoError)
}

extension KeyError: CustomStringConvertible {
    /// The defect and the remedy, without the secret.
    public var description: String {
        switch self {
        case .secretEmpty: "the signing secret is empty"
        case .secretTooShort(let bytes):
            "the signing secret has \(bytes) bytes, HS256 needs \(VerificationKey.secretBytesMin)"
                + " (try: openssl rand -base64 48)"
        case .secretIsSample:
            "the signing secret is a sample from documentation, which is public"
                + " (try: openssl rand -base64 48)"
        case .setMalformed(let reason): "the JWKS is malformed: \(reason)"
        case .setTooLarge(let keys): "\(keys) keys are more than \(KeySet.keysMax)"
        case .setHasNoUsableKey: "no key of the JWKS verifies RS256, ES256 or EdDSA"
        case .keyIDRepeated(let id): "two keys have the kid \(id)"
        case .keyIsPrivate(let position): "JWKS key \(position) has private members: replace it"
        case .keyIsSymmetric(let position): "JWKS key \(position) is a symmetric secret"
        case .keyMalformed(let position, let member): "JWKS key \(position) has a bad \(member)"
        case .keyTooWeak(let position, let bits):
            "JWKS key \(position) has \(bits) bits, RSA needs \(JSONWebKey.rsaBits)"
        case .keyUnsound(let position): "JWKS key \(position) is no valid public key"
        case .crypto(let error): error.description
        }
    }
}
