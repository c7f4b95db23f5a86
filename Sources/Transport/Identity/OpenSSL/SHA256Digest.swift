internal import COpenSSL

/// SHA-256 (FIPS 180-4), for ids derived from a caller's data.
public enum SHA256Digest {
    /// The size of a digest, in bytes.
    public static let bytes = 32

    /// Hashes `bytes`; returns 32 bytes.
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
