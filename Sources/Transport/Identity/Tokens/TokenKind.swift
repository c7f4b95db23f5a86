internal import StrictJSON

/// The kind of a token's subject; the `typ` header keeps the kinds apart (RFC 8725 § 3.11).
public enum TokenKind: Sendable, Hashable, CaseIterable {
    /// A person or program outside, calling the gateway.
    case user
    /// A service of ours, calling another.
    case service

    /// The `typ` of tokens that we sign.
    var type: String {
        switch self {
        case .user: "JWT"
        case .service: "st+jwt"
        }
    }

    /// True when a token with this `typ` is of this kind.
    ///
    /// A user token may omit it, or have `JWT` (RFC 7519 § 5.1) or `at+jwt` (access tokens of RFC
    /// 9068) in any letter case. A service token is always ours and has exactly one form.
    func accepts(_ type: String?) -> Bool {
        guard let type else { return self == .user }
        return switch self {
        case .service: type.hasSameBytes(as: self.type)
        case .user: Self.matches(type, "jwt") || Self.matches(type, "at+jwt")
        }
    }

    /// Compares ASCII `text` with the lower-case `word`, ignoring letter case.
    private static func matches(_ text: String, _ word: String) -> Bool {
        text.utf8.elementsEqual(word.utf8) { byte, expected in
            let isUppercase = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            return (isUppercase ? byte | 0x20 : byte) == expected
        }
    }
}
