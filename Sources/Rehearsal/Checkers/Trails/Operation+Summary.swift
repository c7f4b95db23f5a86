extension Operation {
    /// A summary such as `operation 3 (refund 50 of pay_1, by shop-1)`.
    var summary: String { "operation \(self.id) (\(self.request.summary), by \(self.client))" }
}

extension Operation.Request {
    fileprivate var summary: String {
        switch self {
        case .pay(let orderID, let amount, let currency):
            "pay \(amount) \(currency) for order \(orderID)"
        case .refund(let paymentID, let amount):
            "refund \(amount.map(String.init) ?? "the rest") of \(paymentID)"
        case .read(let paymentID): "read \(paymentID)"
        }
    }
}

extension Outcome {
    /// The answer to the client, to follow "was answered".
    var summary: String {
        switch self {
        case .paid(let paymentID, let amount, let currency, let isReplay):
            "paid \(amount) \(currency) as \(paymentID)\(isReplay ? ", a replay" : "")"
        case .refunded(let refundID, _, let amount, let remaining, let isReplay):
            "refunded \(amount) as \(refundID), \(remaining) remain\(isReplay ? ", a replay" : "")"
        case .read(let reading):
            "\(reading.amount) \(reading.currency) with \(reading.refunds.count) refunds,"
                + " \(reading.remaining) remain"
        case .refused(let status, let code): "\(status) \(code)"
        case .unknown(let code): "nothing certain (\(code))"
        }
    }
}

extension Sequence<Posted> {
    /// A summary such as `entries 7 and 12`.
    var summary: String {
        let numbers = self.map { "\($0.sequence)" }
        guard let last = numbers.last, numbers.count > 1 else {
            return "entry \(numbers.first ?? "none")"
        }
        return "entries \(numbers.dropLast().joined(separator: ", ")) and \(last)"
    }
}
