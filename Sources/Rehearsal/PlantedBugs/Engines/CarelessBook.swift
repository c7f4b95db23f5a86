import Checkers
import Domain

/// The books of a careless engine, without the rules of ``LedgerBook``.
struct CarelessBook {
    private(set) var sequence: UInt64 = 0
    private var captures: [PaymentID: Entry] = [:]
    private var histories: [PaymentID: CaptureHistory] = [:]
    private var refunds: [RefundID: Entry] = [:]
    private var sheets: [Currency: [Account: Balance]] = [:]
    private var entries: [Entry] = []

    /// Takes the next entry's sequence.
    mutating func takeSequence() -> UInt64 {
        self.sequence += 1
        return self.sequence
    }

    func earlier(_ capture: Capture) -> Entry? { self.captures[capture.paymentID] }

    func earlier(_ draft: RefundDraft) -> Entry? { self.refunds[draft.id] }

    func history(of paymentID: PaymentID) -> CaptureHistory? { self.histories[paymentID] }

    func sheet(in currency: Currency) -> [Account: Balance] { self.sheets[currency] ?? [:] }

    func entries(after sequence: UInt64, limit: Int) -> [Entry] {
        Array(self.entries.drop { $0.sequence <= sequence }.prefix(limit))
    }

    /// Writes an entry without any check.
    mutating func write(_ entry: Entry) {
        self.entries.append(entry)
        switch entry.record {
        case .capture(let capture):
            self.captures[capture.paymentID] = entry
            self.histories[capture.paymentID] = CaptureHistory(
                capture: capture,
                refunds: [],
                remaining: capture.amount.minorUnits
            )
        case .refund(let record):
            self.refunds[record.refund.refundID] = entry
            guard let history = self.histories[record.refund.paymentID] else { return }
            self.histories[record.refund.paymentID] = CaptureHistory(
                capture: history.capture,
                refunds: history.refunds + [record.refund],
                remaining: history.remaining - record.refund.amount.minorUnits
            )
        }
    }

    /// Posts a transfer on top of `sheet`, which may be out of date.
    mutating func post(_ transfer: Transfer, on sheet: [Account: Balance], sides: Sides) {
        var sheet = sheet
        let units = transfer.amount.minorUnits
        if sides == .both { sheet[transfer.debit, default: Balance()].debits += units }
        sheet[transfer.credit, default: Balance()].credits += units
        self.sheets[transfer.amount.currency] = sheet
    }

    enum Sides {
        case both
        case creditOnly
    }

    func reading(in currency: Currency) -> BalanceReading {
        let sheet = self.sheet(in: currency)
        let accounts = Account.all.map { account in
            let balance = sheet[account] ?? Balance()
            return AccountReading(
                account: account.name,
                debits: balance.debits,
                credits: balance.credits
            )
        }
        return BalanceReading(
            currency: currency.code,
            accounts: accounts,
            sequence: UInt64(self.entries.count)
        )
    }
}
