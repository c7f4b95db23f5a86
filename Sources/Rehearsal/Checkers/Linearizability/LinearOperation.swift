/// An operation on a payment: a step of the model, and the interval in which it takes effect.
struct LinearOperation {
    /// The operation's own id.
    let id: Int
    let invokedAt: Int
    /// Nil when the outcome is unknown: the step takes effect after `invokedAt`, or never.
    let returnedAt: Int?
    let step: Step

    enum Step {
        case pay(PaymentState.Capture, isReplay: Bool?)
        case refund(RefundStep)
        /// `subject` is nil when the caller may see every payment.
        case read(PaymentReading, subject: String?)
        /// The answer was that there is no such payment.
        case missed(subject: String?)
        /// The answer was that another request had used the order or the key.
        case conflicted(PaymentState.Capture)
        /// The answer was that less than `amount` remained; for nil, that nothing remained.
        case exceeded(amount: Int64?)
    }

    struct RefundStep {
        let token: RefundToken
        /// Nil when the caller may refund every payment.
        let subject: String?
        /// Nil for all that remains.
        let asked: Int64?
        /// Nil when the outcome is unknown.
        let reply: Reply?

        struct Reply {
            let amount: Int64
            let remaining: Int64
            let isReplay: Bool
        }
    }

    /// True when the step cannot change the payment.
    var isObserver: Bool {
        switch self.step {
        case .pay, .refund: false
        case .read, .missed, .conflicted, .exceeded: true
        }
    }

    /// The operation as if its outcome were unknown; nil for an observer.
    ///
    /// `isTimeless` also moves its start to the beginning of the run.
    func forgotten(isTimeless: Bool = false) -> LinearOperation? {
        let step: Step
        switch self.step {
        case .pay(let capture, _): step = .pay(capture, isReplay: nil)
        case .refund(let refund):
            step = .refund(
                .init(
                    token: refund.token,
                    subject: refund.subject,
                    // The reply tells the amount of a refund of "the rest".
                    asked: refund.asked ?? refund.reply?.amount,
                    reply: nil
                )
            )
        case .read, .missed, .conflicted, .exceeded: return nil
        }
        return LinearOperation(
            id: self.id,
            invokedAt: isTimeless ? 0 : self.invokedAt,
            returnedAt: nil,
            step: step
        )
    }
}
