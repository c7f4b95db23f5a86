import Domain
package import Identity

/// The services of the system.
package enum ServiceName: String, Hashable, Sendable, CaseIterable {
    case ledger
    case payment
    case refund
    case gateway

    /// The default port: gRPC, or HTTP for the gateway.
    package var standardPort: Int {
        switch self {
        case .payment: 50_051
        case .ledger: 50_052
        case .refund: 50_053
        case .gateway: 8_000
        }
    }

    /// The default port of HTTP `/health`; the gateway's main port.
    package var standardHealthPort: Int {
        switch self {
        case .payment: 8_001
        case .ledger: 8_002
        case .refund: 8_003
        case .gateway: 8_000
        }
    }

    /// The default port of the admin server.
    package var standardAdminPort: Int {
        switch self {
        case .gateway: 9_464
        case .payment: 9_465
        case .ledger: 9_466
        case .refund: 9_467
        }
    }

    /// The scopes of the service's tokens for each callee: the least that its calls need.
    package var scopes: [ServiceName: Scopes] {
        switch self {
        case .gateway:
            [
                .payment: Scopes(words: [Scope.paymentWrite, Scope.paymentRead]),
                .refund: Scopes(words: [Scope.refundWrite]),
            ]
        case .payment: [.ledger: Scopes(words: [Scope.ledgerCapture, Scope.ledgerRead])]
        case .refund: [.ledger: Scopes(words: [Scope.ledgerRefund])]
        case .ledger: [:]
        }
    }
}
