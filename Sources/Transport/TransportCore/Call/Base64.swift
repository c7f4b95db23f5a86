/// Base64 in the standard alphabet (RFC 4648 § 4), for `-bin` metadata.
///
/// As gRPC's "PROTOCOL-HTTP2" asks, padding is accepted and never sent, and unused bits of the last
/// character are ignored. Strict base64url is in Identity.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Maps each byte to its six bits, or to `invalid`.
    private static let sextets: [UInt8] = {
        var table = [UInt8](repeating: invalid, count: 256)
        for (sextet, character) in alphabet.enumerated() { table[Int(character)] = UInt8(sextet) }
        return table
    }()

    private static let invalid: UInt8 = 0xFF

    /// The text of `bytes`, without padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        let alphabet = Self.alphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var group = GroupOfBits()
        for byte in bytes {
            group.push(byte, bits: 8)
            while let sextet = group.pop(bits: 6) { text.append(alphabet[Int(sextet)]) }
        }
        if let last = group.popRest(bits: 6) { text.append(alphabet[Int(last)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes `text`; nil when it is not base64.
    package static func decode(_ text: String) -> [UInt8]? {
        Self.decode(Array(text.utf8).span)
    }

    /// Decodes ASCII `text`; nil when it is not base64.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        let count = Self.countWithoutPadding(text)
        guard count % 4 != 1 else { return nil }
        let sextets = Self.sextets
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 3 / 4)
        var group = GroupOfBits()
        for index in 0..<count {
            let sextet = sextets[Int(text[index])]
            guard sextet != Self.invalid else { return nil }
            group.push(sextet, bits: 6)
            if let byte = group.pop(bits: 8) { bytes.append(byte) }
        }
        return bytes
    }

    /// Counts the characters before valid padding.
    ///
    /// Padding is valid only where it completes a group of four; elsewhere it is counted, and then
    /// fails to decode.
    private static func countWithoutPadding(_ text: Span<UInt8>) -> Int {
        let padding = UInt8(ascii: "=")
        guard text.count >= 4, text.count.isMultiple(of: 4), text[text.count - 1] == padding else {
            return text.count
        }
        return text.count - (text[text.count - 2] == padding ? 2 : 1)
    }
}

/// A bit buffer between two digit sizes; holds at most 13 bits.
private struct GroupOfBits {
    private var value: UInt32 = 0
    private var count: UInt32 = 0

    @inline(__always)
    mutating func push(_ digit: UInt8, bits: UInt32) {
        self.value = self.value << bits | UInt32(digit)
        self.count += bits
    }

    /// Removes the oldest `bits` bits; nil while there are fewer.
    @inline(__always)
    mutating func pop(bits: UInt32) -> UInt8? {
        guard self.count >= bits else { return nil }
        self.count -= bits
        return UInt8(truncatingIfNeeded: self.value >> self.count & (1 << bits - 1))
    }

    /// Removes the remaining bits, padded with zeros.
    mutating func popRest(bits: UInt32) -> UInt8? {
        guard self.count > 0 else { return nil }
        self.push(0, bits: bits - self.count)
        return self.pop(bits: bits)
    }
}
