import Domain
import Testing

@Suite("Balances")
struct TrialBalanceTests {
    @Test("both sides of a transfer are booked, in its currency only")
    func twoSides() throws {
        var trialBalance = TrialBalance()
        try trialBalance.post(try Fixture.capture("pay_1", 700, method: .bank).transfer)
        let euro = try Fixture.currency()
        #expect(trialBalance.balance(of: .clearing(.bank), in: euro) == Balance(debits: 700))
        #expect(trialBalance.balance(of: .merchant, in: euro) == Balance(credits: 700))
        #expect(trialBalance.balance(of: .merchant, in: try Fixture.currency("USD")) == Balance())
    }

    @Test("a sum that overflows 64 bits is refused, and nothing is booked")
    func overflow() throws {
        let euro = try Fixture.currency()
        let almost = Balance(debits: .max - 100)
        let other = Balance(credits: .max - 100)
        var trialBalance = TrialBalance([.clearing(.card): almost, .merchant: other], in: euro)
        let transfer = try Fixture.capture("pay_1", 101).transfer
        let error = #expect(throws: JournalError.self) { try trialBalance.post(transfer) }
        #expect(error?.isFull == true)
        #expect(trialBalance.balance(of: .clearing(.card), in: euro) == almost)
        #expect(trialBalance.balance(of: .merchant, in: euro) == other)
    }

    @Test("a total over accounts that overflows 64 bits is refused as well")
    func totalOverflow() throws {
        let euro = try Fixture.currency()
        var trialBalance = TrialBalance(
            [
                .clearing(.card): Balance(debits: .max - 100),
                .merchant: Balance(credits: .max - 100),
            ],
            in: euro
        )
        let transfer = try Fixture.capture("pay_1", 101, method: .wallet).transfer
        let error = #expect(throws: JournalError.self) { try trialBalance.post(transfer) }
        #expect(error?.isFull == true)
        #expect(trialBalance.balance(of: .clearing(.wallet), in: euro) == Balance())
    }
}
