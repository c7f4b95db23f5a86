/// The type and range of one request field.
package struct FieldRule: Hashable, Sendable {
    package let name: String
    package let kind: Kind
    package let isRequired: Bool
    /// The description in the OpenAPI document.
    package let summary: String

    package init(_ name: String, _ kind: Kind, isRequired: Bool, summary: String) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.summary = summary
    }

    package enum Kind: Hashable, Sendable {
        case text(TextRule)
        /// A whole number in plain digits.
        case integer(ClosedRange<Int64>)
        /// Any of these texts.
        case choice([String])
        /// An active ISO 4217 code.
        case currency
    }

    /// The rule as a sentence without its subject.
    package var requirement: String {
        switch self.kind {
        case .text(let rule): rule.requirement
        case .integer(let range):
            "must be a whole number in plain digits, \(range.lowerBound) to \(range.upperBound)"
        case .choice(let names): "must be one of " + names.joined(separator: ", ")
        case .currency: Currency.requirement
        }
    }
}

extension FieldRule {
    /// The value in canonical form, or nil if it breaks the rule.
    func normalised(_ value: GatewayRequest.FieldValue) -> FieldValues.Value? {
        switch (self.kind, value) {
        case (.integer(let range), .number(let text)), (.integer(let range), .text(let text)):
            Self.integer(text, in: range).map(FieldValues.Value.integer)
        case (.text(let rule), .text(let text)), (.text(let rule), .string(let text)):
            rule.admits(text) ? .text(text) : nil
        case (.choice(let names), .text(let text)), (.choice(let names), .string(let text)):
            names.contains(text) ? .text(text) : nil
        case (.currency, .text(let text)), (.currency, .string(let text)):
            (try? Currency(code: text)).map(FieldValues.Value.currency)
        default:
            nil
        }
    }

    /// Digits only: no sign, fraction, exponent, space or leading zero.
    private static func integer(_ text: String, in range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text.utf8.first != 0x30 || text.utf8.count == 1,
            let number = Int64(text), range.contains(number)
        else { return nil }
        return number
    }
}

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
