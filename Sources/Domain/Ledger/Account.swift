/// An account of the ledger.
package enum Account: Hashable, Sendable {
    /// Money that a payment method owes until settlement.
    case clearing(PaymentMethod)
    /// Money owed to the merchant.
    case merchant

    /// Every account, in the order of reports.
    package static let all: [Account] = PaymentMethod.allCases.map(Account.clearing) + [.merchant]

    /// The name on the wire, such as `clearing:CARD`.
    package var name: String {
        switch self {
        case .clearing(let method): "clearing:" + method.rawValue
        case .merchant: "merchant"
        }
    }

    package init(name: String) throws(DomainError) {
        guard let account = Self.all.first(where: { $0.name == name }) else {
            let names = Self.all.map(\.name).joined(separator: ", ")
            throw .invalid([FieldViolation("account", "must be one of \(names)")])
        }
        self = account
    }
}
