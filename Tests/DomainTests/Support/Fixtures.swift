import Domain

/// Valid values with defaults that tests override.
enum Fixture {
    static func currency(_ code: String = "EUR") throws -> Currency {
        try Currency(code: code)
    }

    static func amount(_ minorUnits: Int64, _ code: String = "EUR") throws -> Amount {
        try Amount(minorUnits: minorUnits, currency: try self.currency(code))
    }

    static func capture(
        _ id: String = "pay_1",
        _ minorUnits: Int64 = 1000,
        currency: String = "EUR",
        method: PaymentMethod = .card,
        order: String = "order-1",
        subject: String = "alice"
    ) throws -> Capture {
        Capture(
            paymentID: try PaymentID(id),
            amount: try self.amount(minorUnits, currency),
            method: method,
            orderID: try OrderID(order),
            subject: try Subject(subject)
        )
    }

    static func refund(
        _ id: String = "ref_1",
        of payment: String = "pay_1",
        _ minorUnits: Int64? = nil,
        reason: String = "",
        subject: String = "alice",
        owner: String? = nil
    ) throws -> RefundDraft {
        try RefundDraft(
            id: try RefundID(id),
            paymentID: try PaymentID(payment),
            amount: minorUnits,
            reason: try Reason(reason),
            subject: try Subject(subject),
            owner: try owner.map { try Subject($0) }
        )
    }

    static func order(
        _ order: String = "order-1",
        _ minorUnits: Int64 = 1000,
        currency: String = "EUR",
        method: PaymentMethod = .card,
        subject: String = "alice",
        key: String? = nil
    ) throws -> PaymentOrder {
        PaymentOrder(
            orderID: try OrderID(order),
            amount: try self.amount(minorUnits, currency),
            method: method,
            subject: try Subject(subject),
            key: try key.map { try IdempotencyKey($0) }
        )
    }

    static func refundOrder(
        of payment: String,
        _ minorUnits: Int64? = nil,
        reason: String = "",
        subject: String = "alice",
        key: String = "key-1",
        owner: String? = nil
    ) throws -> RefundOrder {
        try RefundOrder(
            id: try IdempotencyKey(key),
            paymentID: try PaymentID(payment),
            amount: minorUnits,
            reason: try Reason(reason),
            subject: try Subject(subject),
            owner: try owner.map { try Subject($0) }
        )
    }

    static let derivation = IDDerivation(sha256: toyDigest)
}
