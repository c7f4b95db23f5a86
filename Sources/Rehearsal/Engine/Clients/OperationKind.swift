import Checkers
import Domain
import Scenarios

/// The kinds of operations.
enum OperationKind: CaseIterable {
    case payment
    case refund
    case read

    /// The scope that a token needs for it.
    var scope: String {
        switch self {
        case .payment: Scope.paymentWrite
        case .refund: Scope.refundWrite
        case .read: Scope.paymentRead
        }
    }

    /// The metric that counts those that succeeded.
    var metric: String {
        switch self {
        case .payment: "paid"
        case .refund: "refunded"
        case .read: "read"
        }
    }

    /// True when `client` does such operations, and may.
    func isDone(by client: ClientPlan) -> Bool {
        let weight =
            switch self {
            case .payment: client.ops.pay
            case .refund: client.ops.refund
            case .read: client.ops.read
            }
        return weight > 0 && client.scopes.contains(self.scope)
    }
}

extension Operation.Request {
    var kind: OperationKind {
        switch self {
        case .pay: .payment
        case .refund: .refund
        case .read: .read
        }
    }
}
