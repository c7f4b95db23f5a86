/// The syntax of numbers, durations and ranges in scenario files, for reading and writing.
///
/// Written values read back to equal values.
enum ScalarSyntax {
    private static let units: [(suffix: String, attoseconds: Int128)] = [
        ("ms", 1_000_000_000_000_000), ("s", 1_000_000_000_000_000_000),
        ("m", 60_000_000_000_000_000_000), ("h", 3_600_000_000_000_000_000_000),
    ]
    /// The bounds on a duration's digits before and after the point; 15 reach an attosecond.
    private static let digitsMax = (whole: 9, part: 15)
    /// The bound on a number's digits; enough for the smallest positive Double.
    private static let numberDigitsMax = 1_100

    /// Reads `120`, `-3` or, when `isGrouped`, `2_000_000`.
    static func integer(_ text: String, isGrouped: Bool = false) -> Int? {
        let isNegative = text.hasPrefix("-")
        var digits = text.dropFirst(isNegative ? 1 : 0)
        if isGrouped, digits.first != "_", digits.last != "_" { digits.removeAll { $0 == "_" } }
        guard self.areDigits(digits), digits.first != "0" || digits.count == 1 else { return nil }
        return Int((isNegative ? "-" : "") + digits)
    }

    /// Reads `0.25` or `-3`.
    static func number(_ text: String) -> Double? {
        guard text.utf8.count <= Self.numberDigitsMax else { return nil }
        let parts = text.dropFirst(text.hasPrefix("-") ? 1 : 0)
            .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy(self.areDigits), parts[0].first != "0" || parts[0].count == 1 else {
            return nil
        }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Reads `10ms`, `1.5s`, `2m`, `1h` or `-200ms`.
    static func duration(_ text: String) -> Duration? {
        let isNegative = text.hasPrefix("-")
        let amount = text.dropFirst(isNegative ? 1 : 0)
        let suffix = amount.drop { $0 == "." || $0.isASCII && $0.isNumber }
        guard let unit = self.units.first(where: { $0.suffix == suffix }) else { return nil }
        let parts = amount.dropLast(suffix.count)
            .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy(self.areDigits), parts[0].count <= Self.digitsMax.whole,
            parts.count == 1 || parts[1].count <= Self.digitsMax.part,
            let digits = Int128(parts.joined())
        else { return nil }
        let scale = (1..<(parts.count == 2 ? parts[1].count + 1 : 1))
            .reduce(Int128(1)) { scale, _ in scale * 10 }
        let attoseconds = digits * unit.attoseconds / scale
        return Duration(attoseconds: isNegative ? -attoseconds : attoseconds)
    }

    /// Reads the two ends of `1..200`.
    static func ends(_ text: String) -> (Substring, Substring)? {
        guard let dots = text.firstRange(of: "..") else { return nil }
        let ends = (text[..<dots.lowerBound], text[dots.upperBound...])
        return self.areDigits(ends.0) && self.areDigits(ends.1) ? ends : nil
    }

    /// The shortest decimal digits that read back to `number`, without an exponent.
    static func text(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1_000_000_000 { return String(Int(number)) }
        let text = String(number)
        guard let mark = text.firstIndex(of: "e") else { return text }
        let exponent = Int(text[text.index(after: mark)...]) ?? 0
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text[..<mark].filter(\.isNumber)
        guard exponent < 0 else {
            return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count)
        }
        return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }

    /// The duration in the largest unit that gives a whole number, else in seconds or milliseconds.
    static func text(_ duration: Duration) -> String {
        let attoseconds = duration.attoseconds
        guard attoseconds >= 0 else { return "-" + self.text(.zero - duration) }
        guard attoseconds != 0 else { return "0s" }
        let whole = self.units.dropFirst().last { attoseconds.isMultiple(of: $0.attoseconds) }
        if let whole { return "\(attoseconds / whole.attoseconds)\(whole.suffix)" }
        let isLong = attoseconds >= self.units[1].attoseconds && attoseconds.isMultiple(of: 1_000)
        return self.text(attoseconds, in: isLong ? self.units[1] : self.units[0])
    }

    private static func text(
        _ attoseconds: Int128,
        in unit: (suffix: String, attoseconds: Int128)
    ) -> String {
        let (whole, part) = attoseconds.quotientAndRemainder(dividingBy: unit.attoseconds)
        guard part != 0 else { return "\(whole)\(unit.suffix)" }
        // The unit is added to the part, so that the part's leading zeros stay.
        var digits = String(unit.attoseconds + part).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)\(unit.suffix)"
    }

    private static func areDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
