import Checkers

/// A payment system that does one thing at a time; ids are made of the keys.
struct SequentialSystem {
    private struct Payment {
        let subject: String
        let orderID: String
        let amount: Int64
        var refunds: [(reading: RefundReading, remaining: Int64, asked: Int64?)] = []
        var remaining: Int64
    }

    private var payments: [String: Payment] = [:]
    private var entries: UInt64 = 0

    mutating func perform(_ operation: Operation) -> (Outcome, Posted?) {
        switch operation.request {
        case .pay(let orderID, let amount, _): self.pay(operation, orderID, amount)
        case .refund(let paymentID, let amount): self.refund(operation, paymentID, amount)
        case .read(let paymentID): (self.read(operation, paymentID), nil)
        }
    }

    private mutating func pay(
        _ operation: Operation,
        _ orderID: String,
        _ amount: Int64
    ) -> (Outcome, Posted?) {
        // The owner's id is the plain key, so that others can name the payment.
        let isOwner = operation.subject.hasPrefix("subject")
        let id = "pay_\(operation.key ?? "")" + (isOwner ? "" : "-\(operation.subject)")
        if let payment = self.payments[id] {
            guard payment.amount == amount else {
                return (Self.refusal(.idempotencyKeyReused), nil)
            }
            return (.paid(paymentID: id, amount: amount, currency: "EUR", isReplay: true), nil)
        }
        self.payments[id] = Payment(
            subject: operation.subject,
            orderID: orderID,
            amount: amount,
            remaining: amount
        )
        let posted = self.posted(operation, id, refundID: nil, orderID: orderID, amount)
        return (.paid(paymentID: id, amount: amount, currency: "EUR", isReplay: false), posted)
    }

    private mutating func refund(
        _ operation: Operation,
        _ id: String,
        _ asked: Int64?
    ) -> (Outcome, Posted?) {
        guard var payment = self.visible(id, to: operation) else {
            return (Self.refusal(.paymentNotFound), nil)
        }
        let refundID = "ref_\(operation.subject)-\(operation.key ?? "")"
        if let earlier = payment.refunds.first(where: { $0.reading.refundID == refundID }) {
            guard earlier.asked == asked else { return (Self.refusal(.idempotencyKeyReused), nil) }
            let outcome = Outcome.refunded(
                refundID: refundID,
                paymentID: id,
                amount: earlier.reading.amount,
                remaining: earlier.remaining,
                isReplay: true
            )
            return (outcome, nil)
        }
        let amount = asked ?? payment.remaining
        guard payment.remaining > 0 else { return (Self.refusal(.alreadyRefunded), nil) }
        guard amount <= payment.remaining else {
            return (Self.refusal(.refundExceedsRemaining), nil)
        }
        payment.remaining -= amount
        let reading = RefundReading(refundID: refundID, amount: amount)
        payment.refunds.append((reading, payment.remaining, asked))
        self.payments[id] = payment
        let outcome = Outcome.refunded(
            refundID: refundID,
            paymentID: id,
            amount: amount,
            remaining: payment.remaining,
            isReplay: false
        )
        return (outcome, self.posted(operation, id, refundID: refundID, orderID: nil, amount))
    }

    private func read(_ operation: Operation, _ id: String) -> Outcome {
        guard let payment = self.visible(id, to: operation) else {
            return Self.refusal(.paymentNotFound)
        }
        return .read(
            PaymentReading(
                paymentID: id,
                amount: payment.amount,
                currency: "EUR",
                refunds: payment.refunds.map(\.reading),
                remaining: payment.remaining
            )
        )
    }

    private func visible(_ id: String, to operation: Operation) -> Payment? {
        guard let payment = self.payments[id],
            operation.subject == "admin" || operation.subject == payment.subject
        else { return nil }
        return payment
    }

    private mutating func posted(
        _ operation: Operation,
        _ id: String,
        refundID: String?,
        orderID: String?,
        _ amount: Int64
    ) -> Posted {
        self.entries += 1
        let isRefund = refundID != nil
        return Posted(
            sequence: self.entries,
            kind: isRefund ? .refund : .capture,
            paymentID: id,
            refundID: refundID,
            orderID: orderID,
            subject: operation.subject,
            amount: amount,
            currency: "EUR",
            debit: isRefund ? "merchant" : "clearing:CARD",
            credit: isRefund ? "clearing:CARD" : "merchant"
        )
    }

    private static func refusal(_ code: RefusalCode) -> Outcome {
        .refused(status: code.status, code: code.rawValue)
    }
}
