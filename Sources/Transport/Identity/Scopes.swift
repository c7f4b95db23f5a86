/// The scopes of a token: words between spaces (RFC 6749 § 3.3), compared byte by byte.
public struct Scopes: Sendable, Hashable {
    /// The scopes as the token has them.
    public let text: String

    /// Creates scopes from words between spaces; an empty text allows nothing.
    public init(_ text: String) {
        self.text = text
    }

    /// Creates scopes from single words.
    public init(words: [String]) {
        self.init(words.joined(separator: " "))
    }

    /// The words, in the token's order.
    public var words: [String] {
        text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    }

    /// True when there is no scope.
    public var isEmpty: Bool { text.utf8.allSatisfy { $0 == UInt8(ascii: " ") } }

    /// True when `word` is one of the scopes: `pay` is not in `payment:write`.
    public func contains(_ word: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(word.utf8) }
    }
}

extension Scopes: ExpressibleByStringLiteral, CustomStringConvertible {
    /// Creates scopes from a literal such as `"ledger:read ledger:write"`.
    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// The scopes as the token has them.
    public var description: String { text }
}
