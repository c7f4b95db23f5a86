package import StrictJSON

/// A call of an action: the caller and its arguments.
package struct ActionCall: Sendable {
    package let principal: Principal
    /// The arguments; every rule of the action holds.
    package let fields: FieldValues
    /// The caller's idempotency key, if it sent one.
    package let key: IdempotencyKey?
    /// Makes an idempotency key that was never used before.
    package let freshKey: @Sendable () -> String

    package init(
        principal: Principal,
        fields: FieldValues,
        key: IdempotencyKey?,
        freshKey: @escaping @Sendable () -> String
    ) {
        self.principal = principal
        self.fields = fields
        self.key = key
        self.freshKey = freshKey
    }

    /// Unwraps a value that the action's rules guarantee.
    static func required<Value>(_ value: Value?) throws(DomainError) -> Value {
        guard let value else { throw .internalFault }
        return value
    }
}

/// The planned effect of a call.
///
/// Fixed before the attempt, so that an UNKNOWN answer can carry the payment id and the key.
package struct ActionPlan: Sendable {
    /// The payment that the call concerns.
    package let paymentID: PaymentID?
    /// The key generated for this call; nil when the caller sent one or none is needed.
    package let madeKey: IdempotencyKey?
    package let perform: Effect

    package typealias Effect = @Sendable () async throws(DomainError) -> ActionAnswer

    package init(
        concerning paymentID: PaymentID?,
        madeKey: IdempotencyKey? = nil,
        perform: @escaping Effect
    ) {
        self.paymentID = paymentID
        self.madeKey = madeKey
        self.perform = perform
    }
}

/// The result of an action.
package struct ActionAnswer: Hashable, Sendable {
    package let body: JSONValue
    /// True if the request was served before and this repeats its first answer.
    package let isReplay: Bool

    package init(_ body: JSONValue, isReplay: Bool = false) {
        self.body = body
        self.isReplay = isReplay
    }
}
