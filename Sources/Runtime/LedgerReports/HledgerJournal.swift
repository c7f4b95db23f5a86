package import Domain

/// Formats the journal for hledger, to be checked with `hledger check --strict`.
///
/// Amounts are in major units, with the currency's number of digits.
package enum HledgerJournal {
    /// The declarations of all accounts and of the given currencies.
    package static func head(currencies: [Currency]) -> String {
        let accounts = Account.all.map { "account \(self.name($0))" }
        let commodities = currencies.map { "commodity \(self.amount(0, $0))" }
        return (accounts + commodities).joined(separator: "\n") + "\n"
    }

    /// The transaction of an entry.
    package static func transaction(_ chained: ChainedEntry) -> String {
        let (entry, transfer) = (chained.entry, chained.entry.transfer)
        let (units, currency) = (transfer.amount.minorUnits, transfer.amount.currency)
        return """

            \(CalendarDay(unixTime: chained.recordedAt)) * (\(entry.sequence)) \(entry.kind)
                ; id: \(self.tag(entry.id))
                ; payment_id: \(self.tag(entry.paymentID.text))
                ; hash: \(chained.hash)
                \(self.name(transfer.debit))  \(self.amount(units, currency))
                \(self.name(transfer.credit))  \(self.amount(-units, currency))

            """
    }

    /// The hledger account: clearing accounts are assets, the merchant's a liability.
    private static func name(_ account: Account) -> String {
        switch account {
        case .clearing(let method): "assets:clearing:\(method.rawValue)"
        case .merchant: "liabilities:merchant"
        }
    }

    private static func amount(_ minorUnits: Int64, _ currency: Currency) -> String {
        let digits = currency.fractionDigits
        let sign = minorUnits < 0 ? "-" : ""
        var text = String(minorUnits.magnitude)
        text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let point = digits == 0 ? "." : "." + text.suffix(digits)
        return "\(sign)\(text.dropLast(digits))\(point) \(currency.code)"
    }

    /// Percent-encodes a tag's value, which would end at a comma.
    private static func tag(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = byte > 0x20 && byte < 0x7F && ![0x25, 0x2C, 0x3A].contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%\(byte < 16 ? "0" : "")\(digits)"
        }.joined()
    }
}
