/// A currency by its ISO 4217 alphabetic code.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
    /// Three capital letters.
    package let code: String

    /// A currency for new payments: an active ISO 4217 code in capitals.
    package init(code: String) throws(DomainError) {
        guard code.utf8.count == 3, Self.active.contains(code) else {
            throw .invalid([FieldViolation("currency", Self.requirement)])
        }
        self.code = code
    }

    /// A currency from a trusted source: another service or the journal.
    ///
    /// Accepts any three capitals, so that entries outlive a code that ISO 4217 withdraws. Nil for
    /// other texts.
    package init?(recorded code: String) {
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            return nil
        }
        self.code = code
    }

    package var description: String { self.code }

    static let requirement = "must be an active ISO 4217 code in capitals, such as EUR"
}
