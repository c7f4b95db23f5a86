/// A service method that the gateway offers to clients.
///
/// Fixed routes and `/pay-dynamic` run the same actions. An action is added in the ``Catalogue``.
package struct Action: Sendable {
    /// The name on the wire, such as `create_payment`; part of the scope of an idempotency key.
    package let name: String
    /// The full service name, such as `payment.PaymentService`.
    package let service: String
    package let method: String
    /// The OAuth scope that the caller's token must hold.
    package let scope: String
    /// The deadline of the internal call.
    package let timeout: Duration
    /// The description in the OpenAPI document.
    package let summary: String
    package let fields: [FieldRule]
    /// The members of the response body, in order.
    package let answer: [AnswerField]
    /// Checks a call and plans its effect without running it; see ``ActionPlan``.
    package let plan: @Sendable (ActionCall) throws(DomainError) -> ActionPlan

    package init(
        name: String,
        service: String,
        method: String,
        scope: String,
        timeout: Duration,
        summary: String,
        fields: [FieldRule],
        answer: [AnswerField],
        plan: @escaping @Sendable (ActionCall) throws(DomainError) -> ActionPlan
    ) {
        self.name = name
        self.service = service
        self.method = method
        self.scope = scope
        self.timeout = timeout
        self.summary = summary
        self.fields = fields
        self.answer = answer
        self.plan = plan
    }
}

/// A member of a response body, for the OpenAPI document.
package struct AnswerField: Hashable, Sendable {
    package let name: String
    package let kind: Kind
    package let summary: String

    package init(_ name: String, _ kind: Kind, summary: String) {
        self.name = name
        self.kind = kind
        self.summary = summary
    }

    package indirect enum Kind: Hashable, Sendable {
        case text
        case integer
        /// An array of objects with these members.
        case list([AnswerField])
        /// An object with arbitrary member names and text values.
        case texts
    }
}
