/// A payment in the model of linearizability: absent, or captured and partly refunded.
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

    /// True when a subject that sees everything (nil) or its own payments may know of it.
    func isVisible(to subject: String?) -> Bool {
        guard let capture = self.capture else { return false }
        return subject == nil || subject == capture.subject
    }
}

/// Names a refund: by its id where an answer told it, else by the request that makes it.
enum RefundToken: Hashable {
    case id(String)
    case unnamed(EffectIdentity)
}
