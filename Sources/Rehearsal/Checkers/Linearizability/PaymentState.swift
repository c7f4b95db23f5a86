/// The state of a payment in the model: absent, or captured and partly refunded.
struct PaymentState: Hashable {
    struct Capture: Hashable {
        let subject: String
        let orderID: String
        let amount: Int64
        let currency: String
    }

    struct Refund: Hashable {
        let token: RefundToken
        let amount: Int64
    }

    var capture: Capture?
    var refunds: [Refund] = []
    /// The amount that can still be refunded.
    var remaining: Int64 = 0

    /// True when the payment exists and `subject` may see it; a nil subject sees every payment.
    func isVisible(to subject: String?) -> Bool {
        guard let capture = self.capture else { return false }
        return subject == nil || subject == capture.subject
    }
}

/// The name of a refund: its id when an answer told it, else the identity of its request.
enum RefundToken: Hashable {
    case id(String)
    case unnamed(EffectIdentity)
}
