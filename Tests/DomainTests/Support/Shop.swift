import Domain
import StorageCore
import StrictJSON

/// A gateway over in-memory services, with shorthands for requests.
struct Shop {
    let gateway: Gateway
    /// The limits under which actions ran.
    let limits = SeenLimits()

    static let knownMethods = [
        "payment.PaymentService/CreatePayment",
        "payment.PaymentService/GetPayment",
        "refund.RefundService/CreateRefund",
    ]

    static let allScopes = "payment:write+payment:read+refund:write"

    /// A gateway over the real services.
    init() throws {
        let ledger = Ledger(journal: InMemoryJournal())
        try self.init(
            payments: PaymentService(ledger: ledger, derivation: Fixture.derivation),
            refunds: RefundService(ledger: ledger, derivation: Fixture.derivation)
        )
    }

    /// A gateway over services that fail with `error`.
    init(failing error: DomainError) throws {
        try self.init(
            payments: FailingPayments(error: error),
            refunds: FailingRefunds(error: error)
        )
    }

    init(
        payments: any PaymentTaking,
        refunds: any RefundGiving,
        health: [ServiceHealth] = []
    ) throws {
        let keys = CountedKeys()
        self.gateway = try Gateway(
            catalogue: try .standard(
                payments: payments,
                refunds: refunds,
                derivation: Fixture.derivation,
                defaultCurrency: try Fixture.currency(),
                knownMethods: Self.knownMethods
            ),
            authenticator: FakeAuthenticator(),
            health: FakeHealth(services: health),
            freshKey: { keys.next() },
            bound: self.limits.bound
        )
    }

    func send(
        _ method: String,
        _ path: String,
        _ fields: [GatewayRequest.Field] = [],
        as token: String = "alice/" + allScopes,
        key: String? = nil
    ) async -> GatewayResponse {
        await self.gateway.handle(
            GatewayRequest(
                method: method,
                path: path,
                authorization: ["Bearer " + token],
                idempotencyKeys: key.map { [$0] } ?? [],
                fields: .read(fields),
                requestID: "req-1"
            )
        )
    }

    /// Pays, and returns the new payment's id.
    func pay(_ minorUnits: Int64, order: String = "order-1") async -> String {
        let fields: [GatewayRequest.Field] = [
            .init("order_id", .string(order)),
            .init("amount", .number("\(minorUnits)")),
        ]
        return await self.send("POST", "/pay", fields).text("payment_id")
    }
}

extension GatewayResponse {
    func text(_ member: String) -> String {
        guard case .string(let text) = self.body[member] else { return "" }
        return text
    }

    var code: String { self.text("code") }

    func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }

    /// The fields that a problem lists, in order.
    var brokenFields: [String] {
        guard case .array(let errors) = self.body["errors"] else { return [] }
        return errors.map { error in
            guard case .string(let field) = error["field"] else { return "" }
            return field
        }
    }
}

extension [GatewayRequest.Field] {
    static func payment(
        order: String = "order-1",
        amount: String = "1000",
        and more: [GatewayRequest.Field] = []
    ) -> Self {
        [.init("order_id", .string(order)), .init("amount", .number(amount))] + more
    }

    static func refund(
        of payment: String,
        amount: String? = nil,
        and more: [GatewayRequest.Field] = []
    ) -> Self {
        let amounts = amount.map { [GatewayRequest.Field("amount", .number($0))] } ?? []
        return [.init("payment_id", .string(payment))] + amounts + more
    }
}
