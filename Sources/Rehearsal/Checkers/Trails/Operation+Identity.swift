/// The identity of a request; requests of the same identity have at most one effect.
enum EffectIdentity: Hashable, Sendable {
    case key(subject: String, action: String, key: String)
    /// Subject and order id identify a payment without a key.
    case order(subject: String, orderID: String)
    /// A refund without a key equals no other.
    case alone(operation: Int)
}

extension Operation {
    /// The identity; nil for a read, which has no effect.
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
    /// The payment that the request names; nil for a payment, whose id the system chooses.
    var paymentID: String? {
        switch self {
        case .pay: nil
        case .refund(let paymentID, _), .read(let paymentID): paymentID
        }
    }
}

extension Outcome {
    /// The payment that the answer names.
    var paymentID: String? {
        switch self {
        case .paid(let paymentID, _, _, _): paymentID
        case .refunded(_, let paymentID, _, _, _): paymentID
        case .read(let reading): reading.paymentID
        case .refused, .unknown: nil
        }
    }
}
