/// Replaces likely tokens and card numbers in log text.
///
/// A safety net: no code logs them on purpose.
package enum Redaction {
    private static let mark = Array("[redacted]".utf8)

    /// `text` with everything that looks like a JWT or a card number replaced by `[redacted]`.
    package static func scrubbed(_ text: String) -> String {
        guard text.utf8.count >= 14 else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let end = self.secretEnd(in: bytes, from: index)
            if end > index {
                result += self.mark
                index = end
            } else {
                let next = self.wordEnd(in: bytes, from: index)
                result += bytes[index..<next]
                index = next
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The end of the secret at `start`, or `start` if there is none.
    private static func secretEnd(in bytes: [UInt8], from start: Int) -> Int {
        self.tokenEnd(in: bytes, from: start) ?? self.cardEnd(in: bytes, from: start) ?? start
    }

    /// The end of a run of token characters, or of a single other byte.
    private static func wordEnd(in bytes: [UInt8], from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end].isTokenByte { end += 1 }
        return max(end, start + 1)
    }

    /// The end of a JWT: base64url parts separated by dots, the first of them a JSON object.
    private static func tokenEnd(in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes[start...].starts(with: Array("eyJ".utf8)) else { return nil }
        var end = start
        var dots = 0
        while end < bytes.count, bytes[end].isTokenByte || (bytes[end] == 0x2E && dots < 2) {
            if bytes[end] == 0x2E { dots += 1 }
            end += 1
        }
        return dots >= 1 && end - start >= 20 ? end : nil
    }

    /// The end of a card number: 14 to 19 digits, possibly grouped, with a valid check digit
    /// (ISO/IEC 7812-1).
    private static func cardEnd(in bytes: [UInt8], from start: Int) -> Int? {
        var digits: [UInt8] = []
        var end = start
        var index = start
        while index < bytes.count, digits.count < 20 {
            let byte = bytes[index]
            if (0x30...0x39).contains(byte) {
                digits.append(byte - 0x30)
                end = index + 1
            } else if digits.isEmpty || (byte != 0x20 && byte != 0x2D) || end != index {
                break
            }
            index += 1
        }
        let isWhole = end >= bytes.count || !bytes[end].isTokenByte
        guard (14...19).contains(digits.count), isWhole, self.checks(digits) else { return nil }
        return end
    }

    private static func checks(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let doubled = place % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }
}

extension UInt8 {
    fileprivate var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
