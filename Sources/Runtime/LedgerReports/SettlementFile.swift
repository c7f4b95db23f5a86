/// What a bank or a card scheme says that it settled: a CSV file (RFC 4180) with the columns
/// `reference`, `amount` and `currency`, in any order, and a header that names them.
///
/// A reference is the id of a payment or of a refund; amounts are in minor units, those of refunds
/// negative.
package struct SettlementFile: Sendable {
    /// The longest line that is read.
    package static let lineByteCountMax = 4_096

    private let places: (reference: Int, amount: Int, currency: Int)

    /// A file whose first line, without its end, is `header`.
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

    /// The row in one line, without its end; `number` is that of the line.
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

/// One row of a settlement file.
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

/// Why a settlement file cannot be read.
package struct SettlementError: Error, Hashable, CustomStringConvertible {
    package let line: Int
    package let reason: String

    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { "line \(self.line): \(self.reason)" }
}

/// Fields of which some are in quotes; two quotes are one.
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
