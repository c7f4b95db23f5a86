/// A currency by its ISO 4217 alphabetic code.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
    /// Three capital letters.
    package let code: String

    /// A currency for new payments: an active ISO 4217 code in capitals.
    package init(code: String) throws(DomainError) {
        guard code.utf8.count == 3, Self.active.contains(code) else {
            throw .invalid([FieldViolation("currency", Self.requirement)])
        }
        self.code = code
    }

    /// A currency from a trusted source: another service or the journal.
    ///
    /// Accepts any three capitals, so that entries outlive a code that ISO 4217 withdraws. Nil for
    /// other texts.
    package init?(recorded code: String) {
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            return nil
        }
        self.code = code
    }

    package var description: String { self.code }

    static let requirement = "must be an active ISO 4217 code in capitals, such as EUR"
}

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

extension Currency {
    /// The active codes of ISO 4217 list one as of 2026-01-01.
    ///
    /// Excludes funds (such as `CHE`), metals (`XAU`), baskets (`XDR`) and test codes (`XTS`,
    /// `XXX`), which are not means of payment. Recently withdrawn: `HRK`, `SLL`, `ZWL`, `ANG`,
    /// `BGN`.
    package static let activeCodes: [String] = """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
        BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
        GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
        KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR
        MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
        RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP
        TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
        ZWG
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    static let active = Set(activeCodes)
}
