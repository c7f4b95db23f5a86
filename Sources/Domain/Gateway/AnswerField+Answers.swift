/// The response bodies of actions and routes.
extension AnswerField {
    static let payment: [AnswerField] = [
        AnswerField("payment_id", .text, summary: "Names the payment"),
        AnswerField("order_id", .text, summary: "The caller's order; empty when there is none"),
        AnswerField("amount", .integer, summary: "Minor units of the currency"),
        AnswerField("currency", .text, summary: "ISO 4217 code"),
        AnswerField("method", .text, summary: "CARD, WALLET or BANK"),
        AnswerField("status", .text, summary: "CAPTURED"),
    ]

    static let paymentHistory: [AnswerField] =
        payment + [
            AnswerField("refunds", .list(refundOfPayment), summary: "Oldest first"),
            AnswerField("remaining", .integer, summary: "Minor units that can be refunded"),
        ]

    private static let refundOfPayment: [AnswerField] = [
        AnswerField("refund_id", .text, summary: "Names the refund"),
        AnswerField("amount", .integer, summary: "Minor units of the payment's currency"),
        AnswerField("reason", .text, summary: "Why the money went back; may be empty"),
    ]

    static let refund: [AnswerField] = [
        AnswerField("refund_id", .text, summary: "Names the refund"),
        AnswerField("payment_id", .text, summary: "Names the payment"),
        AnswerField("amount", .integer, summary: "Minor units of the currency"),
        AnswerField("currency", .text, summary: "ISO 4217 code"),
        AnswerField("status", .text, summary: "SUCCEEDED"),
        AnswerField("remaining", .integer, summary: "Minor units that can still be refunded"),
    ]

    static let health: [AnswerField] = [
        AnswerField("status", .text, summary: "SERVING, DEGRADED or NOT_SERVING"),
        AnswerField("services", .texts, summary: "The status of each service"),
    ]
}
