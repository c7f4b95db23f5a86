/// The fields of the shipped actions.
extension FieldRule {
    static let orderID = FieldRule(
        OrderIDField.name,
        .text(OrderIDField.rule),
        isRequired: true,
        summary: "Names the order among the caller's own"
    )

    static let paymentID = FieldRule(
        PaymentIDField.name,
        .text(PaymentIDField.rule),
        isRequired: true,
        summary: "Names the payment"
    )

    static let currency = FieldRule(
        "currency",
        .currency,
        isRequired: false,
        summary: "ISO 4217 code; left out, the configured one"
    )

    static let method = FieldRule(
        "method",
        .choice(PaymentMethod.allCases.map(\.rawValue)),
        isRequired: false,
        summary: "How it is paid; left out, CARD"
    )

    static let reason = FieldRule(
        ReasonField.name,
        .text(ReasonField.rule),
        isRequired: false,
        summary: "Why the money goes back"
    )

    static let action = FieldRule(
        "action",
        .text(TextRule(.visibleASCII, lengthRange: 1...64)),
        isRequired: false,
        summary: "Which action to run; left out, create_payment"
    )

    static func amount(isRequired: Bool) -> FieldRule {
        let absence = isRequired ? "" : "; left out, all that remains"
        return FieldRule(
            "amount",
            .integer(Amount.minorUnitsRange),
            isRequired: isRequired,
            summary: "Minor units of the currency" + absence
        )
    }
}
