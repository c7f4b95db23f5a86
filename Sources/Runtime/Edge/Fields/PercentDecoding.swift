/// Decodes percent-encoding (RFC 3986 § 2.1) to valid UTF-8.
struct PercentDecoding {
    enum Failure: Error, Hashable {
        case badEscape(offset: Int)
        case invalidUTF8

        /// The error, for a problem's detail.
        var reason: String {
            switch self {
            case .badEscape(let offset): "a bad percent escape at byte \(offset)"
            case .invalidUTF8: "bytes that are not UTF-8"
            }
        }
    }

    /// True in forms and queries, where a plus sign means a space.
    var plusIsSpace: Bool

    func decode(_ bytes: some RandomAccessCollection<UInt8>) throws(Failure) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                decoded.append(try self.escape(at: index, of: bytes))
                bytes.formIndex(&index, offsetBy: 3)
            } else {
                let isSpace = self.plusIsSpace && byte == UInt8(ascii: "+")
                decoded.append(isSpace ? UInt8(ascii: " ") : byte)
                bytes.formIndex(after: &index)
            }
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .invalidUTF8 }
        return text
    }

    private func escape<Bytes: RandomAccessCollection<UInt8>>(
        at index: Bytes.Index,
        of bytes: Bytes
    ) throws(Failure) -> UInt8 {
        let digits = bytes[index...].dropFirst().prefix(2)
        let values = digits.compactMap(Self.hexValue)
        guard values.count == 2 else {
            throw .badEscape(offset: bytes.distance(from: bytes.startIndex, to: index))
        }
        return values[0] << 4 | values[1]
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
