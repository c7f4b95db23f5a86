/// The length and alphabet of a text field.
package struct TextRule: Hashable, Sendable {
    package let alphabet: Alphabet
    /// Length in UTF-8 bytes, which equals characters for the ASCII alphabets.
    package let lengthRange: ClosedRange<Int>

    package init(_ alphabet: Alphabet, lengthRange: ClosedRange<Int>) {
        self.alphabet = alphabet
        self.lengthRange = lengthRange
    }

    package enum Alphabet: Hashable, Sendable {
        /// `!` to `~`.
        case visibleASCII
        /// Space to `~`.
        case printableASCII
        /// Any Unicode text without control characters.
        case text
    }

    package func admits(_ text: String) -> Bool {
        guard self.lengthRange.contains(text.utf8.count) else { return false }
        return switch self.alphabet {
        case .visibleASCII: text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        case .printableASCII: text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        case .text: !text.unicodeScalars.contains(where: \.isControl)
        }
    }

    /// The rule as a sentence without its subject, such as `must be 1 to 64 …`.
    package var requirement: String {
        let length = "\(self.lengthRange.lowerBound) to \(self.lengthRange.upperBound)"
        return switch self.alphabet {
        case .visibleASCII: "must be \(length) printable ASCII characters without spaces"
        case .printableASCII: "must be \(length) printable ASCII characters"
        case .text: "must be \(length) bytes of UTF-8 without control characters"
        }
    }
}

extension Unicode.Scalar {
    /// True for general category Cc, which Unicode's stability policy never changes.
    fileprivate var isControl: Bool { self.value < 0x20 || (0x7F...0x9F).contains(self.value) }
}
