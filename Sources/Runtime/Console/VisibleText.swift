/// Escapes untrusted text for terminals and line-based logs.
///
/// Escapes control characters (C0, DEL, C1), line and paragraph separators, and Unicode's
/// bidirectional controls (UAX #9).
package enum VisibleText {
    /// `text` on one line.
    package static func line(_ text: String) -> String { self.shown(text, keeping: []) }

    /// `text` with its line breaks and tabs kept.
    package static func lines(_ text: String) -> String { self.shown(text, keeping: ["\n", "\t"]) }

    private static func shown(_ text: String, keeping kept: [Unicode.Scalar]) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.isSteering, !kept.contains(scalar) {
                shown.append(contentsOf: scalar.escape.unicodeScalars)
            } else {
                shown.append(scalar)
            }
        }
        return String(shown)
    }
}

extension Unicode.Scalar {
    fileprivate var isSteering: Bool {
        switch self.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
        default: self.properties.isBidiControl
        }
    }

    /// An escape as in a Swift string literal.
    fileprivate var escape: String {
        switch self {
        case "\n": #"\n"#
        case "\r": #"\r"#
        case "\t": #"\t"#
        default: #"\u{"# + String(self.value, radix: 16) + "}"
        }
    }
}
