/// Names a payment; derived, see ``IDDerivation``.
package typealias PaymentID = Checked<PaymentIDField>

/// Names a refund; derived, see ``IDDerivation``.
package typealias RefundID = Checked<RefundIDField>

/// Names an order among those of one subject.
package typealias OrderID = Checked<OrderIDField>

/// Who pays or asks: the `sub` of a token.
package typealias Subject = Checked<SubjectField>

/// Names a request among those of one subject and action.
package typealias IdempotencyKey = Checked<IdempotencyKeyField>

/// Why money went back, in the asker's words; may be empty.
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
