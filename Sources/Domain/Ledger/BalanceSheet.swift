/// The balances of every account in every currency.
package struct BalanceSheet: Sendable {
    private var balances: [Currency: [Account: Balance]] = [:]

    package init() {}

    /// Balances from a store, in one currency.
    package init(_ accounts: [Account: Balance], in currency: Currency) {
        self.balances[currency] = accounts
    }

    /// Sets a balance read from a store.
    package mutating func restore(
        _ balance: Balance,
        of account: Account,
        in currency: Currency
    ) {
        self.balances[currency, default: [:]][account] = balance
    }

    /// The currencies with postings, sorted by code.
    package var currencies: [Currency] { self.balances.keys.sorted { $0.code < $1.code } }

    /// True if debits equal credits in every currency.
    package var isBalanced: Bool {
        self.balances.values.allSatisfy { sheet in
            sheet.values.reduce(0) { $0 &+ $1.debits }
                == sheet.values.reduce(0) { $0 &+ $1.credits }
        }
    }

    package func balance(of account: Account, in currency: Currency) -> Balance {
        self.balances[currency]?[account] ?? Balance()
    }

    /// Posts both sides or neither.
    ///
    /// - Throws: ``JournalError/full(reason:)`` if a sum overflows 64 bits.
    package mutating func post(_ posting: Posting) throws(JournalError) {
        var sheet = self.balances[posting.amount.currency] ?? [:]
        let units = posting.amount.minorUnits
        try Self.add(units, to: &sheet[posting.debit, default: Balance()].debits)
        try Self.add(units, to: &sheet[posting.credit, default: Balance()].credits)
        let debits = try Self.total(of: sheet, \.debits)
        let credits = try Self.total(of: sheet, \.credits)
        precondition(debits == credits, "Every posting has two equal sides, so the totals agree.")
        self.balances[posting.amount.currency] = sheet
    }

    private static func total(
        of sheet: [Account: Balance],
        _ side: KeyPath<Balance, Int64>
    ) throws(JournalError) -> Int64 {
        var total: Int64 = 0
        for account in Account.all {
            try self.add(sheet[account]?[keyPath: side] ?? 0, to: &total)
        }
        return total
    }

    private static func add(_ units: Int64, to sum: inout Int64) throws(JournalError) {
        let (result, overflow) = sum.addingReportingOverflow(units)
        guard !overflow else { throw .full(reason: "a balance has no room for it in 64 bits") }
        sum = result
    }
}
