import Domain
import Testing

@Suite("The ledger book: invariants")
struct ConservationTests {
    static let currencies = ["EUR", "USD", "JPY"]

    @Test(
        "four hundred random operations keep every invariant",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func random(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var book = LedgerBook()
        var effects: [String: Int] = [:]
        for _ in 0..<400 {
            for entry in try Self.step(&book, &generator) {
                effects[entry.kind + entry.id, default: 0] += 1
            }
            try Self.checkBalances(of: book)
        }
        #expect(effects.values.allSatisfy { $0 == 1 })
        #expect(book.entries.map(\.sequence) == (1...UInt64(book.entries.count)).map { $0 })
        try Self.checkRefunds(of: book)
        #expect(book.entries.contains { $0.kind == "refund" })
    }

    /// Runs an operation on one of few ids, so that replays and conflicts are common; returns its
    /// effect.
    private static func step(
        _ book: inout LedgerBook,
        _ generator: inout SplitMix64
    ) throws -> [Entry] {
        let payment = "pay_\(Int.random(in: 0..<30, using: &generator))"
        if Int.random(in: 0..<3, using: &generator) == 0 {
            let capture = try Fixture.capture(
                payment,
                .random(in: 1...40, using: &generator),
                currency: Self.currencies[Int.random(in: 0..<3, using: &generator)],
                method: PaymentMethod.allCases[Int.random(in: 0..<3, using: &generator)]
            )
            guard case .recorded(let entry) = try book.append(capture) else { return [] }
            return [entry]
        }
        let draft = try Fixture.refund(
            "ref_\(Int.random(in: 0..<100, using: &generator))",
            of: payment,
            Bool.random(using: &generator) ? nil : .random(in: 1...20, using: &generator)
        )
        guard case .recorded(let entry, _) = try book.append(draft) else { return [] }
        return [entry]
    }

    /// Requires equal debits and credits, and balances that are the sums of the postings.
    private static func checkBalances(of book: LedgerBook) throws {
        for code in Self.currencies {
            let currency = try Fixture.currency(code)
            let transfers = book.entries.map(\.transfer).filter { $0.amount.currency == currency }
            let balances = Account.all.map { book.balance(of: $0, in: currency) }
            #expect(balances.map(\.debits).reduce(0, +) == balances.map(\.credits).reduce(0, +))
            for (account, balance) in zip(Account.all, balances) {
                let debits = transfers.filter { $0.debit == account }.map(\.amount.minorUnits)
                let credits = transfers.filter { $0.credit == account }.map(\.amount.minorUnits)
                #expect(balance.debits == debits.reduce(0, +))
                #expect(balance.credits == credits.reduce(0, +))
            }
        }
    }

    /// Requires that refunds and the remaining amount add up to the capture.
    private static func checkRefunds(of book: LedgerBook) throws {
        for entry in book.entries {
            guard case .capture(let capture) = entry.record else { continue }
            let history = try #require(book.history(of: capture.paymentID))
            let refunded = history.refunds.map(\.amount.minorUnits).reduce(0, +)
            #expect(refunded + history.remaining == capture.amount.minorUnits)
            #expect(history.remaining >= 0)
        }
    }
}
