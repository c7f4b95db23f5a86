/// The means of a payment.
package enum PaymentMethod: String, Hashable, Sendable, CaseIterable {
    case card = "CARD"
    case wallet = "WALLET"
    case bank = "BANK"

    /// Parses a method from a message; an empty name means a card.
    package init(name: String) throws(DomainError) {
        guard let method = name.isEmpty ? .card : Self(rawValue: name) else {
            throw .invalid([FieldViolation("method", Self.requirement)])
        }
        self = method
    }

    static let requirement = "must be CARD, WALLET or BANK"
}
