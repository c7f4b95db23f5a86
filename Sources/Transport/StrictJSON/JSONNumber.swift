/// A JSON number as it was written: no precision is lost until somebody asks for a type.
package struct JSONNumber: Sendable, Hashable {
    /// The number's text, valid by RFC 8259 § 6.
    package let text: String

    /// Takes the text of a number, or nil when RFC 8259 has no such number.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard NumberGrammar.end(in: bytes, from: 0) == .success(bytes.count) else { return nil }
        self.text = text
    }

    /// Writes an integer.
    package init(_ value: Int64) {
        text = String(value)
    }

    /// Takes text that `NumberGrammar` has accepted.
    init(accepted text: String) {
        self.text = text
    }

    /// The exact integer, or nil for a fraction, an exponent, or a value beyond `Int64`.
    package var int64: Int64? { Int64(text) }
}
