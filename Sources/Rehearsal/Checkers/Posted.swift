/// An entry that the journal holds for good.
package struct Posted: Hashable, Sendable {
    /// 1, 2, 3, … without gaps.
    package let sequence: UInt64
    package let kind: Kind
    package let paymentID: String
    /// The refund's id; nil for a capture.
    package let refundID: String?
    /// Nil for a refund, and for a capture without one.
    package let orderID: String?
    package let subject: String
    /// Minor units.
    package let amount: Int64
    package let currency: String
    /// The account that gives, such as `merchant`.
    package let debit: String
    /// The account that takes.
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

/// Every balance of one currency, as the ledger answers it.
package struct BalanceReading: Hashable, Sendable {
    package let currency: String
    /// In the order of the accounts' names.
    package let accounts: [AccountReading]
    /// The highest sequence that was committed when it was read.
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

/// The result of presenting a token.
package struct TokenJudgement: Hashable, Sendable {
    /// Names the request whose token it was.
    package let requestID: String
    /// The process that judged.
    package let judge: String
    /// True when the token had to be refused: it was made so, or its key cannot be known there yet.
    package let isBad: Bool
    package let wasAccepted: Bool

    package init(requestID: String, judge: String, isBad: Bool, wasAccepted: Bool) {
        self.requestID = requestID
        self.judge = judge
        self.isBad = isBad
        self.wasAccepted = wasAccepted
    }
}

/// A service's own word about its health, and what a call said right after.
package struct HealthReading: Hashable, Sendable {
    package let process: String
    /// The service it belongs to, such as `ledger`.
    package let service: String
    package let isServing: Bool
    /// True when a canary call on the same process succeeded; nil when a fault stood between or
    /// none was made.
    package let canarySucceeded: Bool?

    package init(process: String, service: String, isServing: Bool, canarySucceeded: Bool?) {
        self.process = process
        self.service = service
        self.isServing = isServing
        self.canarySucceeded = canarySucceeded
    }
}
