extension Currency {
    /// Decimal digits of the minor unit (ISO 4217 list one); 2 for unlisted codes.
    package var fractionDigits: Int {
        if Self.withoutFraction.contains(self.code) { return 0 }
        return Self.withThreeDigits.contains(self.code) ? 3 : 2
    }

    private static let withoutFraction: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
        "XAF", "XOF", "XPF",
    ]

    private static let withThreeDigits: Set<String> = [
        "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND",
    ]
}
