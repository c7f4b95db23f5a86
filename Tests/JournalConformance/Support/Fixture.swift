import Domain

/// Valid values with defaults that tests override.
enum Fixture {
    static func capture(
        _ id: String = "pay_1",
        _ minorUnits: Int64 = 1_000,
        currency: String = "EUR",
        method: PaymentMethod = .card,
        order: String? = "order-1",
        subject: String = "alice"
    ) throws -> Capture {
        Capture(
            paymentID: try PaymentID(id),
            amount: try Amount(minorUnits: minorUnits, currency: try Currency(code: currency)),
            method: method,
            orderID: try order.map { try OrderID($0) },
            subject: try Subject(subject)
        )
    }

    static func refund(
        _ id: String = "ref_1",
        of payment: String = "pay_1",
        _ minorUnits: Int64? = nil,
        reason: String = "",
        owner: String? = nil
    ) throws -> RefundDraft {
        try RefundDraft(
            id: try RefundID(id),
            paymentID: try PaymentID(payment),
            amount: minorUnits,
            reason: try Reason(reason),
            subject: try Subject("alice"),
            owner: try owner.map { try Subject($0) }
        )
    }
}

extension CaptureOutcome {
    var isRecorded: Bool { if case .recorded = self { true } else { false } }
}

extension RefundOutcome {
    var isRecorded: Bool { if case .recorded = self { true } else { false } }

    var isReplay: Bool { if case .alreadyRecorded = self { true } else { false } }
}
