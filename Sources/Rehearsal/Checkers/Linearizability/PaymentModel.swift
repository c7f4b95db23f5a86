/// The sequential model of a payment: the effect of each operation, and its only right answer.
struct PaymentModel {
    /// The refund ids that answers told; a refund whose answer was lost has another id.
    let knownRefunds: Set<String>

    /// The state after the operation; nil when the operation's answer is wrong in `state`.
    ///
    /// An operation with an unknown outcome is never wrong; without an effect it leaves the state
    /// as it is.
    func apply(_ operation: LinearOperation, to state: PaymentState) -> PaymentState? {
        switch operation.step {
        case .pay(let capture, let isReplay):
            return self.pay(capture, isReplay: isReplay, state)
        case .refund(let refund):
            if let reply = refund.reply { return self.refund(refund, reply, state) }
            return self.refundSilently(refund, state)
        case .read(let reading, let subject):
            return state.isVisible(to: subject) && self.shows(reading, state) ? state : nil
        case .missed(let subject):
            return state.isVisible(to: subject) ? nil : state
        case .conflicted(let capture):
            return state.capture != nil && state.capture != capture ? state : nil
        case .exceeded(let amount):
            guard state.capture != nil else { return nil }
            guard let amount else { return state.remaining == 0 ? state : nil }
            return state.remaining > 0 && amount > state.remaining ? state : nil
        }
    }

    private func pay(
        _ capture: PaymentState.Capture,
        isReplay: Bool?,
        _ state: PaymentState
    ) -> PaymentState? {
        if let earlier = state.capture {
            if isReplay == nil { return state }
            return earlier == capture && isReplay == true ? state : nil
        }
        // A replay may be the first effect: an earlier try of the same operation made it.
        var state = state
        state.capture = capture
        state.remaining = capture.amount
        return state
    }

    private func refundSilently(
        _ refund: LinearOperation.RefundStep,
        _ state: PaymentState
    ) -> PaymentState {
        let amount = refund.asked ?? state.remaining
        guard state.isVisible(to: refund.subject), amount > 0, amount <= state.remaining,
            !state.refunds.contains(where: { $0.token == refund.token })
        else { return state }
        return self.adding(refund.token, amount, to: state)
    }

    private func refund(
        _ refund: LinearOperation.RefundStep,
        _ reply: LinearOperation.RefundStep.Reply,
        _ state: PaymentState
    ) -> PaymentState? {
        guard let capture = state.capture, state.isVisible(to: refund.subject) else { return nil }
        if let place = state.refunds.firstIndex(where: { $0.token == refund.token }) {
            let earlier = state.refunds[...place].reduce(0) { $0 &+ $1.amount }
            return reply.isReplay && state.refunds[place].amount == reply.amount
                && reply.remaining == capture.amount &- earlier ? state : nil
        }
        guard reply.amount == refund.asked ?? state.remaining, reply.amount > 0,
            reply.remaining >= 0, reply.remaining == state.remaining &- reply.amount
        else { return nil }
        return self.adding(refund.token, reply.amount, to: state)
    }

    private func adding(
        _ token: RefundToken,
        _ amount: Int64,
        to state: PaymentState
    ) -> PaymentState {
        var state = state
        state.refunds.append(.init(token: token, amount: amount))
        state.remaining &-= amount
        return state
    }

    private func shows(_ reading: PaymentReading, _ state: PaymentState) -> Bool {
        guard reading.amount == state.capture?.amount,
            reading.currency == state.capture?.currency, reading.remaining == state.remaining,
            reading.refunds.count == state.refunds.count
        else { return false }
        return zip(reading.refunds, state.refunds).allSatisfy { shown, refund in
            guard shown.amount == refund.amount else { return false }
            switch refund.token {
            case .id(let id): return id == shown.refundID
            case .unnamed: return !self.knownRefunds.contains(shown.refundID)
            }
        }
    }
}
