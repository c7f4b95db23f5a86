/// A positive sum of money: whole minor units (cents, say) of one currency.
package struct Amount: Hashable, Sendable {
    /// Always within ``minorUnitsRange``.
    package let minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, currency: Currency) throws(DomainError) {
        self.minorUnits = try Self.checked(minorUnits: minorUnits)
        self.currency = currency
    }

    /// An amount worked out here, of parts that were checked.
    init(trusted minorUnits: Int64, currency: Currency) {
        precondition(Self.minorUnitsRange.contains(minorUnits), "Parts of an amount are amounts.")
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The least and the most that one payment or refund can move.
    package static let minorUnitsRange: ClosedRange<Int64> = 1...99_999_999

    /// `minorUnits` if they are an amount in any currency.
    static func checked(minorUnits: Int64) throws(DomainError) -> Int64 {
        guard Self.minorUnitsRange.contains(minorUnits) else {
            throw .invalid([FieldViolation("amount", Self.demand)])
        }
        return minorUnits
    }

    static let demand = "must be a whole number of minor units, 1 to 99999999"
}

extension Amount {
    /// An amount as messages carry it, every violation named; an empty currency is the default.
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
