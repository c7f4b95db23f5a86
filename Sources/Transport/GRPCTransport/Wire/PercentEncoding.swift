/// The encoding of `grpc-message` (gRPC over HTTP/2, "Status-Message").
///
/// UTF-8 in which `%` and all but printable ASCII are escaped.
enum PercentEncoding {
    /// The longest encoded message, in bytes.
    ///
    /// The rest is cut off, so that no peer refuses the block and with it the status.
    static let encodedMax = 4_096

    static func encode(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(text.utf8.count, Self.encodedMax))
        let last = text.utf8.count - 1
        for (position, byte) in text.utf8.enumerated() {
            guard result.count <= Self.encodedMax - 3 else { break }
            // Outer spaces are escaped because HTTP strips them from fields (RFC 9110 § 5.5).
            let isAtEnd = position == 0 || position == last
            if ((isAtEnd ? 0x21 : 0x20)...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(hexDigit(byte >> 4))
                result.append(hexDigit(byte & 0xF))
            }
        }
        return result
    }

    /// Decodes a message; malformed escapes stay as they are, so that the message is not lost.
    static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(value),
                let low = rest.dropFirst().first.flatMap(value)
            {
                result.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
