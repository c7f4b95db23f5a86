/// A key that verifies signatures by one algorithm.
///
/// The key fixes the algorithm; a token cannot choose it (RFC 8725 § 3.1).
public struct VerificationKey: Sendable {
    /// The shortest HS256 secret in bytes: the size of the hash (RFC 7518 § 3.2).
    public static let secretBytesMin = 32

    /// The only algorithm of this key.
    public let algorithm: SignatureAlgorithm

    /// The `kid` that selects this key; nil for a key that is tried on tokens without one.
    public let id: String?

    private let material: Material

    private enum Material: Sendable {
        case secret(HMACKey)
        case publicKey(PublicKey)
    }

    /// Creates a key from an HS256 secret of at least 32 bytes that is not a sample.
    public static func hs256(
        secret: [UInt8],
        id: String? = nil
    ) throws(KeyError) -> VerificationKey {
        VerificationKey(algorithm: .hs256, id: id, material: .secret(try hmacKey(secret)))
    }

    init(_ key: PublicKey, algorithm: SignatureAlgorithm, id: String?) {
        self.init(algorithm: algorithm, id: id, material: .publicKey(key))
    }

    private init(algorithm: SignatureAlgorithm, id: String?, material: Material) {
        self.algorithm = algorithm
        self.id = id
        self.material = material
    }

    /// Verifies a JWS signature (RFC 7518 § 3) of `message`.
    func accepts(_ signature: [UInt8], of message: ArraySlice<UInt8>) throws(CryptoError) -> Bool {
        switch material {
        case .secret(let key): return try key.accepts(signature, of: message)
        case .publicKey(let key):
            guard algorithm == .es256 else {
                let digest = algorithm == .edDSA ? nil : Digest.sha256
                return try key.accepts(signature, of: message, digest: digest)
            }
            guard let der = Self.derSignature(signature) else { return false }
            return try key.accepts(der, of: message, digest: .sha256)
        }
    }

    /// Creates an HS256 key after checking the secret.
    static func hmacKey(_ secret: [UInt8]) throws(KeyError) -> HMACKey {
        guard !secret.isEmpty else { throw .secretEmpty }
        guard !SampleSecrets.contains(secret) else { throw .secretIsSample }
        guard secret.count >= secretBytesMin else { throw .secretTooShort(bytes: secret.count) }
        do {
            return try HMACKey(secret)
        } catch {
            throw .crypto(error)
        }
    }

    /// Converts `r ‖ s`, 32 bytes each (RFC 7518 § 3.4), to OpenSSL's SEQUENCE of two INTEGERs.
    private static func derSignature(_ raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 64 else { return nil }
        return DER.sequence(DER.integer(raw.prefix(32)), DER.integer(raw.suffix(32)))
    }
}
