internal import COpenSSL

/// SHA-256 (FIPS 180-4), for ids that are derived from what a caller sent.
public enum SHA256Digest {
    /// How many bytes a digest has.
    public static let bytes = 32

    /// Returns the 32 bytes of the digest.
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.bytes)
        ERR_clear_error()
        let answer = unsafe EVP_Digest(
            bytes,
            bytes.count,
            &digest,
            nil,
            Digest.sha256.pointer,
            nil
        )
        precondition(answer == 1, "OpenSSL cannot hash: it is out of memory")
        return digest
    }
}
