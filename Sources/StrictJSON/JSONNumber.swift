/// A JSON number as text: it loses no precision until it is converted.
package struct JSONNumber: Sendable, Hashable {
    /// The text of the number, valid under RFC 8259 § 6.
    package let text: String

    /// Creates a number from text; nil when RFC 8259 does not allow it.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard NumberGrammar.end(in: bytes, from: 0) == .success(bytes.count) else { return nil }
        self.text = text
    }

    /// Creates a number from an integer.
    package init(_ value: Int64) {
        text = String(value)
    }

    /// Creates a number from text that `NumberGrammar` accepted.
    init(accepted text: String) {
        self.text = text
    }

    /// The exact integer, or nil for a fraction, an exponent, or a value beyond `Int64`.
    package var int64: Int64? { Int64(text) }
}
