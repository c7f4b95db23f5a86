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
    package var scopes: [ServiceName: String] {
        switch self {
        case .gateway: [.payment: "payment:write payment:read", .refund: "refund:write"]
        case .payment: [.ledger: "ledger:capture ledger:read"]
        case .refund: [.ledger: "ledger:refund"]
        case .ledger: [:]
        }
    }
}
