package import Checkers

extension Operation.Request {
    /// True when it changes nothing.
    package var isRead: Bool { if case .read = self { true } else { false } }

    /// True when a token with these scopes allows it.
    package func isCovered(by scopes: [String]) -> Bool { scopes.contains(self.kind.scope) }

    /// The path of the gateway that serves it.
    package var path: String {
        switch self {
        case .pay: "/pay"
        case .refund: "/refund"
        case .read(let paymentID): "/payments/\(paymentID)"
        }
    }

    /// The fields of its body, in their order.
    package var fields: [(String, String)] {
        switch self {
        case .pay(let orderID, let amount, let currency):
            return [("order_id", orderID), ("amount", "\(amount)"), ("currency", currency)]
        case .refund(let paymentID, let amount):
            return [("payment_id", paymentID)] + (amount.map { [("amount", "\($0)")] } ?? [])
        case .read: return []
        }
    }
}
