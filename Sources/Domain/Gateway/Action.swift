/// Something that a client can have done: a method of a service, as the gateway offers it.
///
/// Fixed routes and `/pay-dynamic` run the same actions; adding one is adding one to the
/// ``Catalogue``.
package struct Action: Sendable {
    /// The name on the wire, such as `create_payment`; it is part of what scopes a key.
    package let name: String
    /// The service with its package, such as `payment.PaymentService`.
    package let service: String
    package let method: String
    /// What the caller's token must hold.
    package let scope: String
    /// The time that a call is given.
    package let timeout: Duration
    /// What it does, for the API's document.
    package let summary: String
    package let fields: [FieldRule]
    /// The members of the answer, in order.
    package let answer: [AnswerField]
    /// Maps a call to what is to be done; see ``ActionPlan``.
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

/// One member of an answer, for the API's document.
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
        /// An object whose members are all texts, under names of their own.
        case texts
    }
}
