/// What a token allows: words between spaces (RFC 6749 § 3.3), compared whole and byte by byte.
public struct Scopes: Sendable, Hashable {
    /// The words as the token wrote them.
    public let text: String

    /// Takes words between single spaces; an empty text allows nothing.
    public init(_ text: String) {
        self.text = text
    }

    /// The words, in the order in which they were written.
    public var words: [String] {
        text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    }

    /// Whether nothing is allowed.
    public var isEmpty: Bool { text.utf8.allSatisfy { $0 == UInt8(ascii: " ") } }

    /// Whether the word is among the words: `pay` is not in `payment:write`.
    public func contains(_ word: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(word.utf8) }
    }
}

extension Scopes: ExpressibleByStringLiteral, CustomStringConvertible {
    /// Takes a literal such as `"ledger:read ledger:write"`.
    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// The words as they were written.
    public var description: String { text }
}
