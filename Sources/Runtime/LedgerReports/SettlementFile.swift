/// Parses a settlement report of a bank or card scheme.
///
/// The report is a CSV file (RFC 4180) with the columns `reference`, `amount` and `currency`, in
/// any order, under a header that names them. A reference is a payment or refund id. Amounts are in
/// minor units, negative for refunds.
package struct SettlementFile: Sendable {
    /// The longest accepted line, in bytes.
    package static let lineByteCountMax = 4_096

    private let places: (reference: Int, amount: Int, currency: Int)

    /// Parses the header: the first line, without its line break.
    package init(header: String) throws(SettlementError) {
        let names = try Self.fields(of: header, line: 1).map { $0.lowercased() }
        guard let reference = names.firstIndex(of: "reference"),
            let amount = names.firstIndex(of: "amount"),
            let currency = names.firstIndex(of: "currency")
        else {
            throw SettlementError(
                line: 1,
                reason: "the header must name reference, amount and currency"
            )
        }
        self.places = (reference, amount, currency)
    }

    /// Parses a row without its line break; `number` is its line number.
    package func row(_ line: String, number: Int) throws(SettlementError) -> Settlement {
        let fields = try Self.fields(of: line, line: number)
        let last = max(self.places.reference, self.places.amount, self.places.currency)
        guard fields.count > last else {
            throw SettlementError(line: number, reason: "has \(fields.count) columns")
        }
        guard let amount = Int64(fields[self.places.amount]) else {
            let text = fields[self.places.amount].prefix(32)
            throw SettlementError(line: number, reason: "'\(text)' is no number of minor units")
        }
        return Settlement(
            reference: fields[self.places.reference],
            amount: amount,
            currency: fields[self.places.currency]
        )
    }

    private static func fields(
        of line: String,
        line number: Int
    ) throws(SettlementError) -> [String] {
        guard line.utf8.contains(UInt8(ascii: "\"")) else {
            return line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var reader = QuotedFields()
        for character in line.unicodeScalars { reader.read(character) }
        guard !reader.isQuoted else {
            throw SettlementError(line: number, reason: "a quote is not closed in its line")
        }
        return reader.fields
    }
}

/// A row of a settlement file.
package struct Settlement: Hashable, Sendable {
    package let reference: String
    package let amount: Int64
    package let currency: String

    package init(reference: String, amount: Int64, currency: String) {
        self.reference = reference
        self.amount = amount
        self.currency = currency
    }
}

/// An error in a settlement file.
package struct SettlementError: Error, Hashable, CustomStringConvertible {
    package let line: Int
    package let reason: String

    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { "line \(self.line): \(self.reason)" }
}

/// Splits a line into fields, some of them quoted; a doubled quote is a literal one.
private struct QuotedFields {
    private(set) var isQuoted = false
    private var done: [String] = []
    private var field = ""
    private var hadQuote = false

    var fields: [String] { self.done + [self.field] }

    mutating func read(_ character: UnicodeScalar) {
        switch character {
        case "\"":
            if !self.isQuoted && self.hadQuote { self.field.unicodeScalars.append("\"") }
            self.hadQuote = self.isQuoted
            self.isQuoted.toggle()
        case "," where !self.isQuoted:
            self.done.append(self.field)
            self.field = ""
            self.hadQuote = false
        default:
            self.hadQuote = false
            self.field.unicodeScalars.append(character)
        }
    }
}
