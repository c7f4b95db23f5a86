package import Checkers
package import Domain
import StrictJSON

/// The result of one try.
package struct Attempt: Sendable {
    package let outcome: Outcome
    /// True when the answer invites another try, or there was none.
    package let mayRetry: Bool

    /// A try that ended in `outcome`.
    package init(outcome: Outcome, mayRetry: Bool) {
        self.outcome = outcome
        self.mayRetry = mayRetry
    }

    /// Reads an answer of the gateway.
    package init(_ answer: GatewayResponse) {
        if answer.status == 200, let outcome = Outcome(answer) {
            self.init(outcome: outcome, mayRetry: false)
            return
        }
        let code = answer.body["code"].flatMap(\.string) ?? "unreadable"
        let mayRetry = answer.body["retryable"] == .bool(true)
        // A good status with a body that cannot be read proves nothing.
        let isVouchedFor =
            (400..<499).contains(answer.status) || answer.status == 503
        self.init(
            outcome: isVouchedFor
                ? .refused(status: answer.status, code: code) : .unknown(code: code),
            mayRetry: mayRetry
        )
    }

    /// True when the token was refused.
    package var isTokenRefused: Bool {
        if case .refused(401, _) = self.outcome { true } else { false }
    }
}

extension Outcome {
    /// Reads a good answer; nil when it is none of ours.
    fileprivate init?(_ answer: GatewayResponse) {
        let replayed = GatewayResponse.Header("Idempotency-Replayed", "true")
        let isReplay = answer.headers.contains(replayed)
        let body = answer.body
        guard let paymentID = body["payment_id"]?.string, let amount = body["amount"]?.int64 else {
            return nil
        }
        if let refundID = body["refund_id"]?.string, let remaining = body["remaining"]?.int64 {
            self = .refunded(
                refundID: refundID,
                paymentID: paymentID,
                amount: amount,
                remaining: remaining,
                isReplay: isReplay
            )
            return
        }
        guard let currency = body["currency"]?.string else { return nil }
        guard case .array(let refunds)? = body["refunds"] else {
            self = .paid(
                paymentID: paymentID,
                amount: amount,
                currency: currency,
                isReplay: isReplay
            )
            return
        }
        self = .read(
            PaymentReading(
                paymentID: paymentID,
                amount: amount,
                currency: currency,
                refunds: refunds.map {
                    RefundReading(
                        refundID: $0["refund_id"]?.string ?? "",
                        amount: $0["amount"]?.int64 ?? 0
                    )
                },
                remaining: body["remaining"]?.int64 ?? 0
            )
        )
    }
}
