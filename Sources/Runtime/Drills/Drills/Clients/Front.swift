import Domain
import Histories
import TransportCore

/// How a client reaches the gateway, and what it makes of the answers.
struct Front: Sendable {
    let edge: RehearsedEdge
    let channel: any Channel

    /// One try of `request`.
    func attempt(
        _ request: Operation.Request,
        token: String,
        key: String?,
        requestID: String,
        timeout: Duration
    ) async -> Attempt {
        let request = GatewayRequest(
            request,
            authorization: "Bearer \(token)",
            key: key,
            requestID: requestID
        )
        do throws(RPCError) {
            let answer = try await self.edge.send(request, over: self.channel, timeout: timeout)
            return Attempt(answer)
        } catch {
            // A client behind HTTP cannot tell what of its request came through, unless nothing did.
            return Attempt(
                outcome: error.wasNeverProcessed
                    ? .refused(status: 0, code: "unreachable") : .unknown(code: "no_answer"),
                mayRetry: true
            )
        }
    }
}

/// What one try came to.
struct Attempt: Sendable {
    let outcome: Outcome
    /// Whether the system, or its silence, invites another try.
    let mayRetry: Bool

    init(outcome: Outcome, mayRetry: Bool) {
        self.outcome = outcome
        self.mayRetry = mayRetry
    }

    /// Reads an answer of the gateway.
    init(_ answer: GatewayResponse) {
        if answer.status == 200, let outcome = Outcome(answer) {
            self.init(outcome: outcome, mayRetry: false)
            return
        }
        let code = answer.body["code"].flatMap(\.text) ?? "unreadable"
        let mayRetry = answer.body["retryable"] == .bool(true)
        let isVouchedFor = answer.status < 500 && answer.status != 499 || answer.status == 503
        self.init(
            outcome: isVouchedFor
                ? .refused(status: answer.status, code: code) : .unknown(code: code),
            mayRetry: mayRetry
        )
    }

    /// Whether the token was refused.
    var isTokenRefused: Bool {
        if case .refused(401, _) = self.outcome { true } else { false }
    }
}

extension GatewayRequest {
    fileprivate init(
        _ request: Operation.Request,
        authorization: String,
        key: String?,
        requestID: String
    ) {
        self.init(
            method: request.isRead ? "GET" : "POST",
            path: request.path,
            authorization: [authorization],
            idempotencyKeys: key.map { [$0] } ?? [],
            fields: .read(request.fields.map { Field($0.0, .text($0.1)) }),
            requestID: requestID
        )
    }
}

extension Operation.Request {
    fileprivate var isRead: Bool { if case .read = self { true } else { false } }

    fileprivate var path: String {
        switch self {
        case .pay: "/pay"
        case .refund: "/refund"
        case .read(let paymentID): "/payments/\(paymentID)"
        }
    }

    fileprivate var fields: [(String, String)] {
        switch self {
        case .pay(let orderID, let amount, let currency):
            return [("order_id", orderID), ("amount", "\(amount)"), ("currency", currency)]
        case .refund(let paymentID, let amount):
            return [("payment_id", paymentID)] + (amount.map { [("amount", "\($0)")] } ?? [])
        case .read: return []
        }
    }
}

extension Outcome {
    /// Reads a good answer; nil when it is none of ours.
    fileprivate init?(_ answer: GatewayResponse) {
        let replayed = GatewayResponse.Header("Idempotency-Replayed", "true")
        let isReplay = answer.headers.contains(replayed)
        let body = answer.body
        guard let paymentID = body["payment_id"]?.text, let amount = body["amount"]?.integer else {
            return nil
        }
        if let refundID = body["refund_id"]?.text, let remaining = body["remaining"]?.integer {
            self = .refunded(
                refundID: refundID,
                paymentID: paymentID,
                amount: amount,
                remaining: remaining,
                isReplay: isReplay
            )
            return
        }
        guard let currency = body["currency"]?.text else { return nil }
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
                        refundID: $0["refund_id"]?.text ?? "",
                        amount: $0["amount"]?.integer ?? 0
                    )
                },
                remaining: body["remaining"]?.integer ?? 0
            )
        )
    }
}

extension GatewayResponse.Value {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }

    fileprivate var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
}
