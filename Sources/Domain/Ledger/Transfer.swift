/// A transfer of one amount between two accounts.
package struct Transfer: Hashable, Sendable {
    package let debit: Account
    package let credit: Account
    package let amount: Amount

    package init(debit: Account, credit: Account, amount: Amount) {
        self.debit = debit
        self.credit = credit
        self.amount = amount
    }
}

/// All debits and credits of one account in one currency, in minor units.
package struct Balance: Hashable, Sendable {
    package var debits: Int64
    package var credits: Int64

    package init(debits: Int64 = 0, credits: Int64 = 0) {
        self.debits = debits
        self.credits = credits
    }
}
