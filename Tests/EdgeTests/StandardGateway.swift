import Domain
import Edge

/// The shipped gateway over unreachable services.
enum StandardGateway {
    static func document() throws -> OpenAPIDocument {
        let catalogue = try Catalogue.standard(
            payments: Unreachable(),
            refunds: Unreachable(),
            derivation: IDDerivation(sha256: { _ in [UInt8](repeating: 0, count: 32) }),
            defaultCurrency: try Currency(code: "EUR"),
            knownMethods: [
                "payment.PaymentService/CreatePayment", "payment.PaymentService/GetPayment",
                "refund.RefundService/CreateRefund",
            ]
        )
        let gateway = try Gateway(
            catalogue: catalogue,
            authenticator: Unreachable(),
            health: Unreachable(),
            freshKey: { "key" },
            bound: { _, effect, _ throws(DomainError) in try await effect() }
        )
        return OpenAPIDocument(routes: gateway.routes, catalogue: catalogue, version: "1.2.3")
    }
}

private struct Unreachable: PaymentTaking, RefundGiving, Authenticating, HealthReporting {
    func createPayment(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        throw .internalFault
    }

    func payment(
        _ paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> PaymentHistory {
        throw .internalFault
    }

    func createRefund(_ order: RefundOrder) async throws(DomainError) -> RefundReceipt {
        throw .internalFault
    }

    func authenticate(authorization: [String]) throws(AuthenticationError) -> Principal {
        throw .unavailable
    }

    func health() async -> [ServiceHealth] { [] }
}
