extension JSONReader {
    /// Reads a string from its opening quote.
    ///
    /// Most have no escape and are copied in one piece.
    mutating func string() throws(JSONError) -> String {
        let quote = index
        index += 1
        let start = index
        guard try skipPlain() == UInt8(ascii: "\\") else {
            defer { index += 1 }
            return try text(bytes[start..<index], quote)
        }
        var content = Array(bytes[start..<index])
        repeat {
            try escape(into: &content)
            let run = index
            let stop = try skipPlain()
            content += bytes[run..<index]
            if stop == UInt8(ascii: "\"") { break }
        } while true
        index += 1
        return try text(content[...], quote)
    }

    /// Skips bytes without an escape; returns the quote or backslash that follows.
    private mutating func skipPlain() throws(JSONError) -> UInt8 {
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return byte }
            guard byte >= 0x20 else { throw JSONError(.controlCharacter, at: index) }
            index += 1
        }
        throw JSONError(.endOfText, at: index)
    }

    /// Converts `content` to a string.
    ///
    /// Most strings are ASCII, which needs no validation and is four times as fast.
    private func text(_ content: ArraySlice<UInt8>, _ quote: Int) throws(JSONError) -> String {
        if content.reduce(0, |) < 0x80 { return String(decoding: content, as: UTF8.self) }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw JSONError(.invalidUTF8, at: quote)
        }
        return text
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        let start = index
        index += 1
        let letter = try peek()
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content += String(try scalar(from: start)).utf8
        default: throw JSONError(.unknownEscape, at: start)
        }
    }

    /// Reads the digits after `\u`, and the second half of a surrogate pair.
    private mutating func scalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), takesEscapeU() else {
            throw JSONError(.loneSurrogate, at: start)
        }
        let trail = try codeUnit()
        guard UTF16.isTrailSurrogate(trail) else { throw JSONError(.loneSurrogate, at: start) }
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    private mutating func takesEscapeU() -> Bool {
        guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return false }
        index += 2
        return true
    }

    /// Reads four hexadecimal digits.
    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Self.hexDigit(try peek()) else {
                throw JSONError(.unknownEscape, at: index)
            }
            unit = unit << 4 | digit
            index += 1
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
