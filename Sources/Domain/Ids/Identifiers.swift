/// A payment's id, derived by ``IDDerivation``.
package typealias PaymentID = Checked<PaymentIDField>

/// A refund's id, derived by ``IDDerivation``.
package typealias RefundID = Checked<RefundIDField>

/// An order's id, unique within one subject.
package typealias OrderID = Checked<OrderIDField>

/// The caller's identity: the `sub` claim of its token.
package typealias Subject = Checked<SubjectField>

/// A request's id, unique within one subject and action.
package typealias IdempotencyKey = Checked<IdempotencyKeyField>

/// The caller's reason for a refund; may be empty.
package typealias Reason = Checked<ReasonField>

package enum PaymentIDField: TextField {
    package static let name = "payment_id"
    package static let rule = TextRule(.visibleASCII, lengthRange: 1...64)
}

package enum RefundIDField: TextField {
    package static let name = "refund_id"
    package static let rule = TextRule(.visibleASCII, lengthRange: 1...64)
}

package enum OrderIDField: TextField {
    package static let name = "order_id"
    package static let rule = TextRule(.visibleASCII, lengthRange: 1...64)
}

package enum SubjectField: TextField {
    package static let name = "subject"
    package static let rule = TextRule(.text, lengthRange: 1...255)
}

package enum IdempotencyKeyField: TextField {
    package static let name = "idempotency_key"
    package static let rule = TextRule(.printableASCII, lengthRange: 1...255)
}

package enum ReasonField: TextField {
    package static let name = "reason"
    package static let rule = TextRule(.text, lengthRange: 0...255)
}
