/// Checks that money is neither made nor lost: both sides of each entry are equal, and each balance
/// is the sum of its entries.
package struct ConservationOracle: Oracle {
    package let name = "conservation"
    package let watches: EventKinds = [.committed, .balances]

    /// The amounts that the ledger accepts for a payment or refund, in minor units.
    private static let amounts: ClosedRange<Int64> = 1...99_999_999

    private struct AccountKey: Hashable {
        let currency: String
        let account: String
    }

    private struct Reading {
        let balances: BalanceReading
        let at: Int
    }

    private var sums: [AccountKey: (debits: Int64, credits: Int64)] = [:]
    /// Balances that include entries not yet in the history.
    private var early: [Reading] = []

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        switch event.what {
        case .committed(let posted): self.post(posted, index, state.book)
        case .balances(let balances):
            self.check(Reading(balances: balances, at: index), state.book)
        default: nil
        }
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict {
        guard let reading = self.early.first else { return .pass }
        return .unknown(
            "the balances in \(reading.balances.currency) count \(reading.balances.sequence) entries,"
                + " the history has \(state.book.lines.count)"
        )
    }

    private mutating func post(
        _ posted: Posted,
        _ index: Int,
        _ book: EntryBook
    ) -> Violation? {
        let debit = AccountKey(currency: posted.currency, account: posted.debit)
        let credit = AccountKey(currency: posted.currency, account: posted.credit)
        self.sums[debit, default: (0, 0)].debits &+= posted.amount
        self.sums[credit, default: (0, 0)].credits &+= posted.amount
        return self.fault(in: posted, index, book)
            ?? self.checkEarly(upTo: posted.sequence, book)
    }

    private func fault(in posted: Posted, _ index: Int, _ book: EntryBook) -> Violation? {
        let number = posted.sequence
        if !Self.amounts.contains(posted.amount) {
            return Violation("entry \(number) moves \(posted.amount) units", witnesses: [index])
        }
        if posted.debit.isEmpty || posted.credit.isEmpty || posted.debit == posted.credit {
            let sides = "'\(posted.debit)' to '\(posted.credit)'"
            return Violation("entry \(number) goes from \(sides)", witnesses: [index])
        }
        guard posted.kind == .refund, let capture = book[posted.paymentID].capture,
            posted.debit != capture.posted.credit || posted.credit != capture.posted.debit
        else { return nil }
        return Violation(
            "entry \(number) refunds \(posted.paymentID) from \(posted.debit) to \(posted.credit),"
                + " but its capture went from \(capture.posted.debit) to \(capture.posted.credit)",
            witnesses: [capture.at, index]
        )
    }

    private mutating func checkEarly(upTo sequence: UInt64, _ book: EntryBook) -> Violation? {
        guard !self.early.isEmpty else { return nil }
        let ready = self.early.filter { $0.balances.sequence <= sequence }
        self.early.removeAll { $0.balances.sequence <= sequence }
        for reading in ready {
            if let violation = self.check(reading, book) { return violation }
        }
        return nil
    }
}

extension ConservationOracle {
    private mutating func check(_ reading: Reading, _ book: EntryBook) -> Violation? {
        let balances = reading.balances
        let debits = balances.accounts.reduce(0) { $0 &+ $1.debits }
        let credits = balances.accounts.reduce(0) { $0 &+ $1.credits }
        if debits != credits {
            return Violation(
                "in \(balances.currency) the debits are \(debits) and the credits \(credits)",
                witnesses: [reading.at]
            )
        }
        if balances.sequence > book.lines.last?.posted.sequence ?? 0 {
            self.early.append(reading)
            return nil
        }
        return self.difference(of: reading, book)
    }

    /// Compares each account with the sum of its entries.
    private func difference(of reading: Reading, _ book: EntryBook) -> Violation? {
        let balances = reading.balances
        var expected = self.sums.filter { $0.key.currency == balances.currency }
        for line in book.lines(after: balances.sequence) {
            let posted = line.posted
            guard posted.currency == balances.currency else { continue }
            expected[.init(currency: posted.currency, account: posted.debit)]?.debits &-=
                posted.amount
            expected[.init(currency: posted.currency, account: posted.credit)]?.credits &-=
                posted.amount
        }
        for account in balances.accounts {
            let key = AccountKey(currency: balances.currency, account: account.account)
            let sum = expected.removeValue(forKey: key) ?? (0, 0)
            if sum != (account.debits, account.credits) {
                return Self.violation(key, sum, (account.debits, account.credits), reading)
            }
        }
        let missing = expected.filter { $0.value != (0, 0) }.min { $0.key.account < $1.key.account }
        return missing.map { Self.violation($0.key, $0.value, (0, 0), reading) }
    }

    private static func violation(
        _ key: AccountKey,
        _ sum: (debits: Int64, credits: Int64),
        _ read: (debits: Int64, credits: Int64),
        _ reading: Reading
    ) -> Violation {
        Violation(
            "account \(key.account) in \(key.currency) shows debits \(read.debits) and credits"
                + " \(read.credits), but entries 1 to \(reading.balances.sequence) sum up to"
                + " \(sum.debits) and \(sum.credits)",
            witnesses: [reading.at]
        )
    }
}
