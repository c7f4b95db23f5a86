/// The identity by which two requests are one: equal ones have at most one effect.
enum EffectIdentity: Hashable, Sendable {
    case key(subject: String, action: String, key: String)
    /// Without a key, subject and order id play its part.
    case order(subject: String, orderID: String)
    /// A refund without a key is like no other.
    case alone(operation: Int)
}

extension Operation {
    /// Nil for what has no effect.
    var identity: EffectIdentity? {
        switch (self.request, self.key) {
        case (.read, _): nil
        case (.pay, let key?): .key(subject: self.subject, action: "create_payment", key: key)
        case (.refund, let key?): .key(subject: self.subject, action: "create_refund", key: key)
        case (.pay(let orderID, _, _), nil): .order(subject: self.subject, orderID: orderID)
        case (.refund, nil): .alone(operation: self.id)
        }
    }

    /// True when `posted` could be the effect of this operation.
    func fits(_ posted: Posted) -> Bool {
        guard posted.subject == self.subject else { return false }
        switch self.request {
        case .pay(let orderID, let amount, let currency):
            return posted.kind == .capture && posted.orderID == orderID && posted.amount == amount
                && posted.currency == currency
        case .refund(let paymentID, let amount):
            return posted.kind == .refund && posted.paymentID == paymentID
                && (amount ?? posted.amount) == posted.amount
        case .read:
            return false
        }
    }
}

extension Operation.Request {
    /// The payment that it names; a payment that is still to be made has no name yet.
    var paymentID: String? {
        switch self {
        case .pay: nil
        case .refund(let paymentID, _), .read(let paymentID): paymentID
        }
    }
}

extension Outcome {
    /// The payment that it names.
    var paymentID: String? {
        switch self {
        case .paid(let paymentID, _, _, _): paymentID
        case .refunded(_, let paymentID, _, _, _): paymentID
        case .read(let reading): reading.paymentID
        case .refused, .unknown: nil
        }
    }
}
