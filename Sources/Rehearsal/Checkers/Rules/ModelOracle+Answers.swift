extension ModelOracle {
    func fault(in reply: PaidReply, of answered: Answered) -> Violation? {
        guard case .pay(let orderID, let amount, let currency) = answered.operation.request else {
            return answered.violation("which is no answer to it")
        }
        if reply.amount != amount || reply.currency != currency {
            return answered.violation("which is not what it asked for")
        }
        guard let entry = answered.book[reply.paymentID].capture else {
            return answered.violation("and the journal has no such payment")
        }
        let posted = entry.posted
        guard posted.amount == amount, posted.currency == currency, posted.orderID == orderID,
            posted.subject == answered.operation.subject
        else {
            return answered.violation("and entry \(posted.sequence) says otherwise", entry.at)
        }
        return nil
    }

    func fault(in reply: RefundedReply, of answered: Answered) -> Violation? {
        guard case .refund(let paymentID, let amount) = answered.operation.request,
            paymentID == reply.paymentID
        else { return answered.violation("which is no answer to it") }
        let lines = answered.book[paymentID]
        guard let place = lines.refunds.firstIndex(where: { $0.posted.refundID == reply.refundID })
        else { return answered.violation("and the journal has no such refund") }
        let entry = lines.refunds[place]
        let remaining = lines.remaining(after: place + 1) ?? 0
        guard entry.posted.amount == reply.amount, reply.remaining == remaining,
            entry.posted.subject == answered.operation.subject
        else {
            return answered.violation(
                "and after entry \(entry.posted.sequence) of \(entry.posted.amount) there remain"
                    + " \(remaining)",
                entry.at
            )
        }
        if amount == nil ? reply.remaining != 0 : amount != reply.amount {
            return answered.violation("which is not what it asked for")
        }
        return nil
    }

    func fault(in reading: PaymentReading, of answered: Answered) -> Violation? {
        guard case .read(reading.paymentID) = answered.operation.request else {
            return answered.violation("which is no answer to it")
        }
        let lines = answered.book[reading.paymentID]
        guard let capture = lines.capture else {
            return answered.violation("and the journal has no such payment")
        }
        guard self.context.maySee(answered.operation.subject, paymentOf: capture.posted.subject)
        else {
            return answered.violation(
                "and it is a payment of \(capture.posted.subject)",
                capture.at
            )
        }
        let count = reading.refunds.count
        let shown = lines.refunds.prefix(count).map {
            RefundReading(refundID: $0.posted.refundID ?? "", amount: $0.posted.amount)
        }
        guard reading.amount == capture.posted.amount,
            reading.currency == capture.posted.currency, reading.refunds == shown,
            reading.remaining == lines.remaining(after: count)
        else {
            return answered.violation("and the journal says otherwise", lines.witnesses)
        }
        guard count >= lines.refunds(before: answered.invokedAt) else {
            let missed = lines.refunds[count]
            return answered.violation(
                "without entry \(missed.posted.sequence), which was there before it asked",
                missed.at
            )
        }
        return nil
    }
}
