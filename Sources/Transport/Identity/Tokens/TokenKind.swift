internal import StrictJSON

/// Who a token speaks for; the `typ` header keeps the two apart (RFC 8725 § 3.11).
public enum TokenKind: Sendable, Hashable, CaseIterable {
    /// A person or a program outside, at the gateway.
    case user
    /// One of our services, at another.
    case service

    /// The `typ` that we write.
    var type: String {
        switch self {
        case .user: "JWT"
        case .service: "st+jwt"
        }
    }

    /// Whether a token with this `typ` is of this kind.
    ///
    /// A user's may leave it out, say `JWT` (RFC 7519 § 5.1), or say `at+jwt` as the access tokens
    /// of RFC 9068 do, in any letter case. A service's is written by us, and in one way only.
    func accepts(_ type: String?) -> Bool {
        guard let type else { return self == .user }
        return switch self {
        case .service: type.hasSameBytes(as: self.type)
        case .user: Self.matches(type, "jwt") || Self.matches(type, "at+jwt")
        }
    }

    /// Whether an ASCII text is a word but for its letter case; the word is in lower case.
    private static func matches(_ text: String, _ word: String) -> Bool {
        text.utf8.elementsEqual(word.utf8) { byte, expected in
            let isUppercase = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            return (isUppercase ? byte | 0x20 : byte) == expected
        }
    }
}
