/// Decides when the attempts of one hedged call are sent, and which answer counts (gRFC A6).
struct HedgePlan {
    /// What to do next.
    enum Action {
        /// Send attempt `number` (from 0), and ask ``due(_:throttle:)`` after `next`.
        case send(number: Int, next: Duration?)
        /// The caller gets this. `isSettled`: it was ours to try again, so nobody above should.
        case end(Result<UnaryReply, RPCError>, isSettled: Bool)
        /// Wait for what comes.
        case wait
    }

    private let policy: HedgingPolicy
    private var sent = 0
    private var answered = 0
    private var isHeld = false
    private var certainty = Certainty()

    init(_ policy: HedgingPolicy) { self.policy = policy }

    /// The call begins.
    mutating func started() -> Action { self.send() }

    /// The time of attempt `number` has come, if it was not sent before.
    mutating func due(_ number: Int, throttle: RetryThrottle?) -> Action {
        guard number == self.sent, self.maySend(throttle) else { return .wait }
        return self.send()
    }

    /// An attempt was answered.
    mutating func answered(
        _ result: Result<UnaryReply, RPCError>,
        throttle: inout RetryThrottle?
    ) -> Action {
        self.answered += 1
        guard case .failure(let error) = result else {
            throttle?.succeeded()
            return .end(result, isSettled: false)
        }
        let answer = self.certainty.known(after: error)
        // Another attempt may act before it hears that it is given up.
        let known = self.answered == self.sent ? answer : answer.unvouched
        guard self.policy.nonFatalCodes.contains(error.code) else {
            if error.pushback == .never { throttle?.failed() }
            return .end(.failure(known), isSettled: error.pushback == .never)
        }
        throttle?.failed()
        if error.pushback == .never { self.isHeld = true }
        if self.maySend(throttle) { return self.send() }
        return self.answered == self.sent ? .end(.failure(known), isSettled: true) : .wait
    }

    private func maySend(_ throttle: RetryThrottle?) -> Bool {
        self.sent < self.policy.maxAttempts && !self.isHeld && throttle?.allowsRetries ?? true
    }

    private mutating func send() -> Action {
        defer { self.sent += 1 }
        let isLast = self.sent + 1 == self.policy.maxAttempts
        return .send(number: self.sent, next: isLast ? nil : self.policy.delay)
    }
}
