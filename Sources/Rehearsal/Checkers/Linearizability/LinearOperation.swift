/// An operation on one payment as a step of the model, with the time in which it took effect.
struct LinearOperation {
    /// The operation's own id.
    let id: Int
    let invokedAt: Int
    /// Nil when the outcome is not known: it takes effect at any time after `invokedAt`, or never.
    let returnedAt: Int?
    let step: Step

    enum Step {
        case pay(PaymentState.Capture, isReplay: Bool?)
        case refund(RefundStep)
        /// `subject` is nil for somebody who may see everything.
        case read(PaymentReading, subject: String?)
        /// Told that there is none.
        case missed(subject: String?)
        /// Told that the order or the key was used for something else.
        case conflicted(PaymentState.Capture)
        /// Told that less than `amount` remained; nil: that nothing remained.
        case exceeded(amount: Int64?)
    }

    struct RefundStep {
        let token: RefundToken
        /// Nil for somebody who may refund everything.
        let subject: String?
        /// Nil for all that remains.
        let asked: Int64?
        /// Nil when the outcome is not known.
        let reply: Reply?

        struct Reply {
            let amount: Int64
            let remaining: Int64
            let isReplay: Bool
        }
    }

    /// True when the model can go on without it: it only looked.
    var isObserver: Bool {
        switch self.step {
        case .pay, .refund: false
        case .read, .missed, .conflicted, .exceeded: true
        }
    }

    /// The same as if nobody had heard of its outcome; nil when nothing is left of it.
    ///
    /// `isTimeless` forgets its beginning too.
    func forgotten(isTimeless: Bool = false) -> LinearOperation? {
        let step: Step
        switch self.step {
        case .pay(let capture, _): step = .pay(capture, isReplay: nil)
        case .refund(let refund):
            step = .refund(
                .init(
                    token: refund.token,
                    subject: refund.subject,
                    // The reply tells how much "the rest" was.
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
