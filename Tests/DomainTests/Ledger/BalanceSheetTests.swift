import Domain
import Testing

@Suite("Balances")
struct BalanceSheetTests {
    @Test("both sides of a posting are booked, in its currency only")
    func twoSides() throws {
        var sheet = BalanceSheet()
        try sheet.post(try Fixture.capture("pay_1", 700, method: .bank).posting)
        let euro = try Fixture.currency()
        #expect(sheet.balance(of: .clearing(.bank), in: euro) == Balance(debits: 700))
        #expect(sheet.balance(of: .merchant, in: euro) == Balance(credits: 700))
        #expect(sheet.balance(of: .merchant, in: try Fixture.currency("USD")) == Balance())
    }

    @Test("a sum that overflows 64 bits is refused, and nothing is booked")
    func overflow() throws {
        let euro = try Fixture.currency()
        let almost = Balance(debits: .max - 100)
        let other = Balance(credits: .max - 100)
        var sheet = BalanceSheet([.clearing(.card): almost, .merchant: other], in: euro)
        let posting = try Fixture.capture("pay_1", 101).posting
        let error = #expect(throws: JournalError.self) { try sheet.post(posting) }
        #expect(error?.isFull == true)
        #expect(sheet.balance(of: .clearing(.card), in: euro) == almost)
        #expect(sheet.balance(of: .merchant, in: euro) == other)
    }

    @Test("a total over accounts that overflows 64 bits is refused as well")
    func totalOverflow() throws {
        let euro = try Fixture.currency()
        var sheet = BalanceSheet(
            [
                .clearing(.card): Balance(debits: .max - 100),
                .merchant: Balance(credits: .max - 100),
            ],
            in: euro
        )
        let posting = try Fixture.capture("pay_1", 101, method: .wallet).posting
        let error = #expect(throws: JournalError.self) { try sheet.post(posting) }
        #expect(error?.isFull == true)
        #expect(sheet.balance(of: .clearing(.wallet), in: euro) == Balance())
    }
}
