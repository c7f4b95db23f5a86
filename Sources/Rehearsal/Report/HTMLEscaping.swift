internal import StrictJSON

extension String {
    /// The text, escaped for HTML text and quoted attribute values.
    var escapedForHTML: String {
        var bytes: [UInt8] = []
        for byte in self.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONValue {
    /// The value as JSON that may stand in a script element.
    ///
    /// `<`, `>` and `&` are escaped, because they could end the element or open another. U+2028 and
    /// U+2029 are escaped, because they end a line in older JavaScript. All of them occur only
    /// within JSON strings, where readers undo the escapes.
    var embeddedInHTML: String {
        let text = JSONWriter.write(self)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "<"): bytes += #"\u003c"#.utf8
            case UInt8(ascii: ">"): bytes += #"\u003e"#.utf8
            case UInt8(ascii: "&"): bytes += #"\u0026"#.utf8
            case 0xA8 where text.endsLineSeparator(at: index): bytes.replaceLast2(#"\u2028"#)
            case 0xA9 where text.endsLineSeparator(at: index): bytes.replaceLast2(#"\u2029"#)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// True when the byte at `index` is the third of U+2028 or U+2029: E2 80 A8, E2 80 A9.
    fileprivate func endsLineSeparator(at index: Int) -> Bool {
        index >= 2 && self[index - 2] == 0xE2 && self[index - 1] == 0x80
    }

    fileprivate mutating func replaceLast2(_ text: String) {
        self.removeLast(2)
        self += text.utf8
    }
}
