import Domain
import Testing

@Suite("Amounts")
struct AmountTests {
    @Test("whole minor units from 1 to 99,999,999 are an amount", arguments: [1, 2, 99_999_999])
    func accepted(minorUnits: Int64) throws {
        #expect(try Fixture.amount(minorUnits).minorUnits == minorUnits)
    }

    @Test(
        "anything outside is refused without a trap",
        arguments: [0, -1, 100_000_000, .max, .min]
    )
    func refused(minorUnits: Int64) {
        let violation = FieldViolation(
            "amount",
            "must be a whole number of minor units, 1 to 99999999"
        )
        #expect(throws: DomainError.invalid([violation])) { try Fixture.amount(minorUnits) }
    }

    @Test("an amount without a currency has the default currency")
    func defaultCurrency() throws {
        let franc = try Fixture.currency("CHF")
        let amount = try Amount(minorUnits: 5, currency: "", defaultCurrency: franc)
        #expect(amount == (try Fixture.amount(5, "CHF")))
    }

    @Test("a bad number and a bad currency are reported together")
    func bothViolations() throws {
        let euro = try Fixture.currency()
        let error = #expect(throws: DomainError.self) {
            try Amount(minorUnits: 0, currency: "EURO", defaultCurrency: euro)
        }
        guard case .invalid(let violations) = error else { return #expect(Bool(false)) }
        #expect(violations.map(\.field) == ["amount", "currency"])
    }
}
