internal import COpenSSL

/// The strength of a certificate's key.
public enum KeyStrength {
    /// The least bits of a secure RSA key (NIST SP 800-57 part 1, table 2).
    public static let rsaBitsMin = 2_048

    /// The bits of an RSA key in a SubjectPublicKeyInfo (RFC 5280 § 4.1.2.7); nil for any other
    /// key.
    public static func rsaBits(subjectPublicKeyInfo der: [UInt8]) -> Int? {
        PublicKey(subjectPublicKeyInfo: der)?.rsaBits
    }
}
