/// An intention of a client, with one effect at most, whatever number of tries it takes.
package struct Operation: Hashable, Sendable {
    /// Operations count from 0, in the order of their starts.
    package let id: Int
    /// The client's process, such as `shop-3`.
    package let client: String
    /// The subject of its token.
    package let subject: String
    package let request: Request
    /// The idempotency key that every try carries; nil when none does.
    package let key: String?
    /// True when its token is good, so that it must be accepted.
    package let hasGoodToken: Bool
    /// True when its token has the scope that the request needs; without it 403 is the right
    /// answer.
    package let hasScope: Bool

    package init(
        id: Int,
        client: String,
        subject: String,
        request: Request,
        key: String?,
        hasGoodToken: Bool = true,
        hasScope: Bool = true
    ) {
        self.id = id
        self.client = client
        self.subject = subject
        self.request = request
        self.key = key
        self.hasGoodToken = hasGoodToken
        self.hasScope = hasScope
    }

    package enum Request: Hashable, Sendable {
        /// Amounts are minor units.
        case pay(orderID: String, amount: Int64, currency: String)
        /// A nil amount means all that remains.
        case refund(paymentID: String, amount: Int64?)
        case read(paymentID: String)
    }
}

/// The end of an operation as its client saw it.
package enum Outcome: Hashable, Sendable {
    case paid(paymentID: String, amount: Int64, currency: String, isReplay: Bool)
    case refunded(
        refundID: String,
        paymentID: String,
        amount: Int64,
        remaining: Int64,
        isReplay: Bool
    )
    case read(PaymentReading)
    /// The system refused, and guarantees that this try had no effect.
    ///
    /// `code` is the problem's code, such as `refund_exceeds_remaining`.
    case refused(status: Int, code: String)
    /// The operation may have had an effect: no answer came, or an answer that leaves it open.
    case unknown(code: String)

    /// The outcome in a word and the id that the operation made, for a trace.
    package var word: String {
        switch self {
        case .paid(let paymentID, _, _, _): "paid \(paymentID)"
        case .refunded(let refundID, _, _, _, _): "refunded \(refundID)"
        case .read: "read"
        case .refused(let status, let code): "refused \(status) \(code)"
        case .unknown(let code): "unknown \(code)"
        }
    }

    /// True when the answer tells for certain what happened.
    package var isDefinite: Bool {
        if case .unknown = self { false } else { true }
    }
}

/// A payment as a client read it.
package struct PaymentReading: Hashable, Sendable {
    package let paymentID: String
    package let amount: Int64
    package let currency: String
    /// By refund id, in the order of the answer.
    package let refunds: [RefundReading]
    package let remaining: Int64

    package init(
        paymentID: String,
        amount: Int64,
        currency: String,
        refunds: [RefundReading],
        remaining: Int64
    ) {
        self.paymentID = paymentID
        self.amount = amount
        self.currency = currency
        self.refunds = refunds
        self.remaining = remaining
    }
}

/// A refund of a ``PaymentReading``.
package struct RefundReading: Hashable, Sendable {
    package let refundID: String
    package let amount: Int64

    package init(refundID: String, amount: Int64) {
        self.refundID = refundID
        self.amount = amount
    }
}
