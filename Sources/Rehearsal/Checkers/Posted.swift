/// A committed entry of the journal.
package struct Posted: Hashable, Sendable {
    /// Entries count from 1, without gaps.
    package let sequence: UInt64
    package let kind: Kind
    package let paymentID: String
    /// The refund's id; nil for a capture.
    package let refundID: String?
    /// The order's id; nil for a refund, and for a capture without one.
    package let orderID: String?
    package let subject: String
    /// In minor units.
    package let amount: Int64
    package let currency: String
    /// The account that is debited, such as `merchant`.
    package let debit: String
    /// The account that is credited.
    package let credit: String

    package enum Kind: String, Hashable, Sendable {
        case capture
        case refund
    }

    package init(
        sequence: UInt64,
        kind: Kind,
        paymentID: String,
        refundID: String? = nil,
        orderID: String? = nil,
        subject: String,
        amount: Int64,
        currency: String,
        debit: String,
        credit: String
    ) {
        self.sequence = sequence
        self.kind = kind
        self.paymentID = paymentID
        self.refundID = refundID
        self.orderID = orderID
        self.subject = subject
        self.amount = amount
        self.currency = currency
        self.debit = debit
        self.credit = credit
    }
}

/// The balances of one currency, as the ledger answers them.
package struct BalanceReading: Hashable, Sendable {
    package let currency: String
    /// By account name.
    package let accounts: [AccountReading]
    /// The number of the last entry that the balances include.
    package let sequence: UInt64

    package init(currency: String, accounts: [AccountReading], sequence: UInt64) {
        self.currency = currency
        self.accounts = accounts
        self.sequence = sequence
    }
}

/// An account of a ``BalanceReading``, in minor units.
package struct AccountReading: Hashable, Sendable {
    package let account: String
    package let debits: Int64
    package let credits: Int64

    package init(account: String, debits: Int64, credits: Int64) {
        self.account = account
        self.debits = debits
        self.credits = credits
    }
}

/// The answer to a presented token.
package struct TokenJudgement: Hashable, Sendable {
    /// The request that carried the token.
    package let requestID: String
    /// The process that checked the token.
    package let judge: String
    /// True when the process had to refuse the token: it was made bad, or the process cannot know
    /// its key yet.
    package let isBad: Bool
    package let wasAccepted: Bool

    package init(requestID: String, judge: String, isBad: Bool, wasAccepted: Bool) {
        self.requestID = requestID
        self.judge = judge
        self.isBad = isBad
        self.wasAccepted = wasAccepted
    }
}

/// A service's report on its health, and the result of the call that followed.
package struct HealthReading: Hashable, Sendable {
    package let process: String
    /// The service of the process, such as `ledger`.
    package let service: String
    package let isServing: Bool
    /// True when a canary call to the same process succeeded; nil when no call was made, or a fault
    /// stood in its way.
    package let canarySucceeded: Bool?

    package init(process: String, service: String, isServing: Bool, canarySucceeded: Bool?) {
        self.process = process
        self.service = service
        self.isServing = isServing
        self.canarySucceeded = canarySucceeded
    }
}
