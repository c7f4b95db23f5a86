/// A positive sum of money, in whole minor units (such as cents) of one currency.
package struct Amount: Hashable, Sendable {
    /// Always within ``minorUnitsRange``.
    package let minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, currency: Currency) throws(DomainError) {
        self.minorUnits = try Self.checked(minorUnits: minorUnits)
        self.currency = currency
    }

    /// An amount computed from validated parts.
    init(trusted minorUnits: Int64, currency: Currency) {
        precondition(Self.minorUnitsRange.contains(minorUnits), "Parts of an amount are amounts.")
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The smallest and largest amount of one payment or refund, in minor units.
    package static let minorUnitsRange: ClosedRange<Int64> = 1...99_999_999

    /// Returns `minorUnits` if they are in range.
    static func checked(minorUnits: Int64) throws(DomainError) -> Int64 {
        guard Self.minorUnitsRange.contains(minorUnits) else {
            throw .invalid([FieldViolation("amount", Self.requirement)])
        }
        return minorUnits
    }

    static let requirement = "must be a whole number of minor units, 1 to 99999999"
}

extension Amount {
    /// Parses an amount from a message; an empty currency means the default.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with every violation.
    package init(
        minorUnits: Int64,
        currency code: String,
        defaultCurrency: Currency
    ) throws(DomainError) {
        var validation = Validation()
        let units = validation.take(try Self.checked(minorUnits: minorUnits))
        let currency = validation.take(
            code.isEmpty ? defaultCurrency : try Currency(code: code)
        )
        guard let units, let currency else { throw validation.failure }
        try self.init(minorUnits: units, currency: currency)
    }
}
