/// Secrets printed in documentation, ours and others'; anybody can sign with them.
public enum SampleSecrets {
    /// The samples, in lower case.
    public static let known: [String] = [
        "change-me-please-change-me-please-!",
        "change-me-to-a-random-secret-of-32-bytes",
        "change-this-secret-change-this-secret",
        "change-me",
        "changeme",
        "replace-me",
        "secret",
        "secret-key",
        "supersecret",
        "super-secret",
        "super-secret-jwt-token-with-at-least-32-characters-long",
        "password",
        "dev-secret",
        "test-secret",
        "example",
        "your-secret-key",
        "your-secret-key-here",
        "your-256-bit-secret",
        "your-384-bit-secret",
        "your-512-bit-secret",
        "your-super-secret-jwt-key-change-in-production",
        "a-string-secret-at-least-256-bits-long",
        "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "qwertyuiopasdfghjklzxcvbnm123456",
        "0123456789abcdef",
        "0123456789",
    ]

    /// True when `secret` is a sample, or a sample repeated up to its length.
    ///
    /// Letter case, `_` instead of `-`, and outer white space are ignored.
    static func contains(_ secret: [UInt8]) -> Bool {
        let plain = normalised(secret)
        return known.contains { sample in
            let sample = Array(sample.utf8)
            return plain.count >= sample.count
                && plain.indices.allSatisfy { plain[$0] == sample[$0 % sample.count] }
        }
    }

    private static func normalised(_ secret: [UInt8]) -> [UInt8] {
        let isSpace = { (byte: UInt8) in byte <= 0x20 }
        let trimmed = secret.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return trimmed.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "_"): UInt8(ascii: "-")
            default: byte
            }
        }
    }
}
