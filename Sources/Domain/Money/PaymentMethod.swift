/// How a payment is made.
package enum PaymentMethod: String, Hashable, Sendable, CaseIterable {
    case card = "CARD"
    case wallet = "WALLET"
    case bank = "BANK"

    /// A method as messages carry it; an empty name is a card.
    package init(name: String) throws(DomainError) {
        guard let method = name.isEmpty ? .card : Self(rawValue: name) else {
            throw .invalid([FieldViolation("method", Self.demand)])
        }
        self = method
    }

    static let demand = "must be CARD, WALLET or BANK"
}
