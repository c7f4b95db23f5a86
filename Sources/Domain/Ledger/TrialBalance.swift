/// The balances of every account in every currency.
package struct TrialBalance: Sendable {
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

    /// The currencies with transfers, sorted by code.
    package var currencies: [Currency] { self.balances.keys.sorted { $0.code < $1.code } }

    /// True if debits equal credits in every currency.
    package var isBalanced: Bool {
        self.balances.values.allSatisfy { accounts in
            accounts.values.reduce(0) { $0 &+ $1.debits }
                == accounts.values.reduce(0) { $0 &+ $1.credits }
        }
    }

    package func balance(of account: Account, in currency: Currency) -> Balance {
        self.balances[currency]?[account] ?? Balance()
    }

    /// Posts both sides or neither.
    ///
    /// - Throws: ``JournalError/full(reason:)`` if a sum overflows 64 bits.
    package mutating func post(_ transfer: Transfer) throws(JournalError) {
        var accounts = self.balances[transfer.amount.currency] ?? [:]
        let units = transfer.amount.minorUnits
        try Self.add(units, to: &accounts[transfer.debit, default: Balance()].debits)
        try Self.add(units, to: &accounts[transfer.credit, default: Balance()].credits)
        let debits = try Self.total(of: accounts, \.debits)
        let credits = try Self.total(of: accounts, \.credits)
        precondition(debits == credits, "Every transfer has two equal sides, so the totals agree.")
        self.balances[transfer.amount.currency] = accounts
    }

    private static func total(
        of accounts: [Account: Balance],
        _ side: KeyPath<Balance, Int64>
    ) throws(JournalError) -> Int64 {
        var total: Int64 = 0
        for account in Account.all {
            try self.add(accounts[account]?[keyPath: side] ?? 0, to: &total)
        }
        return total
    }

    private static func add(_ units: Int64, to sum: inout Int64) throws(JournalError) {
        let (result, overflow) = sum.addingReportingOverflow(units)
        guard !overflow else { throw .full(reason: "a balance has no room for it in 64 bits") }
        sum = result
    }
}
