/// Decides when to send the attempts of a hedged call, and which answer counts (gRFC A6).
struct HedgePlan {
    /// The next step.
    enum Action {
        /// Send attempt `number` (from 0), and call ``due(_:throttle:)`` after `next`.
        case send(number: Int, next: Duration?)
        /// Return this to the caller. `isSettled`: callers further up must not retry.
        case end(Result<UnaryReply, RPCError>, isSettled: Bool)
        /// Wait for the next event.
        case wait
    }

    private let policy: HedgingPolicy
    private var sent = 0
    private var answered = 0
    private var isHeld = false
    private var certainty = Certainty()

    init(_ policy: HedgingPolicy) { self.policy = policy }

    /// Starts the call.
    mutating func started() -> Action { self.send() }

    /// Handles the timer of attempt `number`, which may already have been sent.
    mutating func due(_ number: Int, throttle: RetryThrottle?) -> Action {
        guard number == self.sent, self.maySend(throttle) else { return .wait }
        return self.send()
    }

    /// Handles the answer to an attempt.
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
        // Attempts still in flight may take effect before they are cancelled.
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
