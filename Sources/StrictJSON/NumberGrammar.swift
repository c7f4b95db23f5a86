/// The grammar of numbers (RFC 8259 § 6): `[ minus ] int [ frac ] [ exp ]`.
enum NumberGrammar {
    /// The offset at which a text stops being a number.
    struct Stop: Error, Equatable {
        let offset: Int
    }

    /// Returns the offset after the number that starts at `start`, or the offset of the error.
    static func end(in bytes: [UInt8], from start: Int) -> Result<Int, Stop> {
        var index = start
        if byte(bytes, index) == UInt8(ascii: "-") { index += 1 }
        guard let whole = wholePart(bytes, index) else { return .failure(Stop(offset: index)) }
        index = whole
        if byte(bytes, index) == UInt8(ascii: ".") {
            guard let end = digits(bytes, index + 1) else {
                return .failure(Stop(offset: index + 1))
            }
            index = end
        }
        if let letter = byte(bytes, index), letter | 0x20 == UInt8(ascii: "e") {
            index += 1
            if let sign = byte(bytes, index), isSign(sign) { index += 1 }
            guard let end = digits(bytes, index) else { return .failure(Stop(offset: index)) }
            index = end
        }
        return .success(index)
    }

    /// A zero alone, or digits that do not start with zero.
    private static func wholePart(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard byte(bytes, start) == UInt8(ascii: "0") else { return digits(bytes, start) }
        if let next = byte(bytes, start + 1), isDigit(next) { return nil }
        return start + 1
    }

    private static func digits(_ bytes: [UInt8], _ start: Int) -> Int? {
        var index = start
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        return index > start ? index : nil
    }

    private static func byte(_ bytes: [UInt8], _ index: Int) -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
