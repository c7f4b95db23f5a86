/// One call of an action: who asks, and for what.
package struct ActionCall: Sendable {
    package let principal: Principal
    /// The fields; every rule of the action is obeyed.
    package let fields: FieldValues
    /// The caller's own key.
    package let key: IdempotencyKey?
    /// Makes a key that nobody ever used.
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
}

/// What an action is about to do.
///
/// It is known before it is tried, so that an unknown outcome can name what it is unknown of.
package struct ActionPlan: Sendable {
    /// The payment that it concerns.
    package let paymentID: PaymentID?
    /// The key that was made for this call, when the caller sent none and one was needed.
    package let madeKey: IdempotencyKey?
    /// Does it, in the time given.
    package let perform: @Sendable (Duration) async throws(DomainError) -> ActionAnswer

    package init(
        concerning paymentID: PaymentID?,
        madeKey: IdempotencyKey? = nil,
        perform: @escaping @Sendable (Duration) async throws(DomainError) -> ActionAnswer
    ) {
        self.paymentID = paymentID
        self.madeKey = madeKey
        self.perform = perform
    }
}

/// What an action answered.
package struct ActionAnswer: Hashable, Sendable {
    package let body: GatewayResponse.Value
    /// The first answer, given again.
    package let isReplay: Bool

    package init(_ body: GatewayResponse.Value, isReplay: Bool = false) {
        self.body = body
        self.isReplay = isReplay
    }
}
