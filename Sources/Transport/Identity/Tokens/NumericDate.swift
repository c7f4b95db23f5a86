internal import StrictJSON

/// Parses seconds since the epoch, where "non-integer values can be represented" (RFC 7519 § 2).
enum NumericDate {
    /// Returns the whole seconds of a plain decimal, rounded down.
    ///
    /// - Returns: nil for signs, exponents (so `1e400` is never evaluated) and values beyond
    ///   `Int64`.
    static func seconds(_ number: JSONNumber) -> UnixSeconds? {
        let digits = number.text.utf8
        guard digits.first != UInt8(ascii: "-") else { return nil }
        if let whole = number.int64 { return whole }
        let whole = digits.prefix { $0 != UInt8(ascii: ".") }
        guard !digits.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return nil }
        return UnixSeconds(Substring(whole))
    }
}
