internal import COpenSSL

/// The strength of a certificate's key.
public enum KeyStrength {
    /// Fewer bits are no security (NIST SP 800-57 part 1, table 2).
    public static let rsaBitsMin = 2_048

    /// The bits of an RSA key, given as a SubjectPublicKeyInfo (RFC 5280 § 4.1.2.7); nil for a key
    /// of another kind.
    public static func rsaBits(subjectPublicKeyInfo der: [UInt8]) -> Int? {
        PublicKey(subjectPublicKeyInfo: der)?.rsaBits
    }
}
