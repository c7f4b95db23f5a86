/// Unpadded base64url (RFC 4648 § 5), as JOSE uses it; strict: each byte string has one text.
package enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    /// Maps each byte to its six bits, or to `foreign`.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: foreign, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    private static let foreign: UInt8 = 64

    /// Decodes `text`.
    ///
    /// - Returns: nil for padding, a foreign byte, an impossible length, or unused bits of the last
    ///   letter that are not zero.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        let values = Self.values
        var bytes = [UInt8](repeating: 0, count: text.count * 3 / 4)
        var (read, written, seen) = (text.startIndex, 0, UInt8(0))
        while text.endIndex - read >= 4 {
            let (a, b) = (values[Int(text[read])], values[Int(text[read + 1])])
            let (c, d) = (values[Int(text[read + 2])], values[Int(text[read + 3])])
            seen |= a | b | c | d
            bytes[written] = a << 2 | b >> 4
            bytes[written + 1] = b << 4 | c >> 2
            bytes[written + 2] = c << 6 | d
            (read, written) = (read + 4, written + 3)
        }
        guard seen < foreign, decodeRest(text[read...], values, into: &bytes, written) else {
            return nil
        }
        return bytes
    }

    /// Decodes the last two or three letters, if any.
    private static func decodeRest(
        _ text: ArraySlice<UInt8>,
        _ values: [UInt8],
        into bytes: inout [UInt8],
        _ written: Int
    ) -> Bool {
        guard text.count >= 2 else { return true }
        let (a, b) = (values[Int(text[text.startIndex])], values[Int(text[text.startIndex + 1])])
        let c = text.count == 3 ? values[Int(text[text.startIndex + 2])] : 0
        guard (a | b | c) < foreign else { return false }
        bytes[written] = a << 2 | b >> 4
        guard text.count == 3 else { return b & 0x0F == 0 }
        bytes[written + 1] = b << 4 | c >> 2
        return c & 0x03 == 0
    }

    /// Decodes `text`; nil as for bytes.
    package static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8)[...])
    }

    /// Encodes `bytes` as ASCII text.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Self.alphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var (bits, held) = (UInt32(0), UInt32(0))
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(alphabet[Int(bits >> held & 63)])
            }
        }
        if held > 0 { text.append(alphabet[Int(bits << (6 - held) & 63)]) }
        return text
    }

    /// Encodes `bytes`.
    package static func text(_ bytes: [UInt8]) -> String {
        String(decoding: encode(bytes), as: UTF8.self)
    }
}
