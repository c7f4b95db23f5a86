import Domain
import Testing

@Suite("Currencies")
struct CurrencyTests {
    @Test("active codes of ISO 4217 are accepted", arguments: ["EUR", "USD", "JPY", "XCG", "ZWG"])
    func active(code: String) throws {
        #expect(try Currency(code: code).code == code)
    }

    @Test(
        "everything else is refused",
        arguments: ["", "eur", "Eur", "EURO", "EU", "DEM", "XAU", "XXX", "E R", "€", "P\u{212A}R"]
    )
    func refused(code: String) {
        #expect(throws: DomainError.self) { try Currency(code: code) }
    }

    @Test("the table is sorted, without repetition, three capitals each")
    func table() {
        let codes = Currency.activeCodes
        #expect(codes == codes.sorted())
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { Currency(recorded: $0) != nil })
        #expect(codes.count == 155)
    }

    @Test("a recorded currency may be withdrawn since")
    func recorded() {
        #expect(Currency(recorded: "DEM")?.code == "DEM")
        #expect(Currency(recorded: "dem") == nil)
        #expect(Currency(recorded: "DEMO") == nil)
    }
}
