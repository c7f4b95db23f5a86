/// Encodes public keys as SubjectPublicKeyInfo, a form that OpenSSL reads for all types (RFC 5280 §
/// 4.1.2.7).
enum SubjectPublicKeyInfo {
    /// Encodes an RSA key: 1.2.840.113549.1.1.1 and NULL (RFC 3279 § 2.3.1).
    static func rsa(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        DER.sequence(
            DER.sequence(
                [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01],
                [0x05, 0x00]
            ),
            DER.bitString(DER.sequence(DER.integer(modulus), DER.integer(exponent)))
        )
    }

    /// Encodes an uncompressed P-256 point: 1.2.840.10045.2.1 on 1.2.840.10045.3.1.7 (RFC 5480 §
    /// 2.1.1).
    static func p256(x: [UInt8], y: [UInt8]) -> [UInt8] {
        DER.sequence(
            DER.sequence(
                [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01],
                [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
            ),
            DER.bitString([0x04] + x + y)
        )
    }

    /// Encodes an Ed25519 key: 1.3.101.112 (RFC 8410 § 4).
    static func ed25519(_ key: [UInt8]) -> [UInt8] {
        DER.sequence(DER.sequence([0x06, 0x03, 0x2B, 0x65, 0x70]), DER.bitString(key))
    }
}
