import Testing

@testable import TransportCore

@Suite("The decision to retry a failed call")
struct RetryPlanTests {
    private static func policy(attempts: Int = 5) -> RetryPolicy {
        RetryPolicy(
            maxAttempts: attempts,
            initialBackoff: .milliseconds(100),
            maxBackoff: .milliseconds(250),
            backoffMultiplier: 2,
            retryableCodes: [.unavailable, .deadlineExceeded]
        )
    }

    private static func error(
        _ code: StatusCode = .unavailable,
        pushback: String? = nil
    ) -> RPCError {
        var error = RPCError(code, "no")
        if let pushback { error.trailers.add("grpc-retry-pushback-ms", pushback) }
        return error
    }

    /// A plan's decisions on `errors`, one after the other.
    private func actions(
        _ errors: [RPCError],
        attempts: Int = 5,
        isIdempotent: Bool = false,
        draw: Double = 0.5
    ) -> [RetryPlan.Action] {
        var plan = RetryPlan(Self.policy(attempts: attempts), isIdempotent: isIdempotent)
        var throttle: RetryThrottle?
        return errors.map { plan.failed(with: $0, throttle: &throttle, draw: draw) }
    }

    @Test(
        "waits grow up to their bound, ±20 %",
        arguments: [
            (0.0, [80.0, 160, 200, 200]), (0.5, [100, 200, 250, 250]),
            (1.0.nextDown, [120, 240, 300, 300]),
        ] as [(Double, [Double])]
    )
    func waits(_ draw: Double, _ expected: [Double]) {
        let errors = Array(repeating: Self.error(), count: 4)
        let waits = self.actions(errors, draw: draw).map { $0.milliseconds }
        #expect(waits.count == expected.count)
        for (wait, expected) in zip(waits, expected) { #expect(abs(wait - expected) < 0.001) }
    }

    @Test("after the last attempt it gives up, and callers above must not retry")
    func exhausted() {
        let actions = self.actions([Self.error(), Self.error()], attempts: 2)
        #expect(actions == [.retry(after: .milliseconds(100)), .giveUp(isSettled: true)])
    }

    @Test(
        "a code that is not retryable is left to the callers above",
        arguments: StatusCode.allCases.filter { ![.ok, .unavailable].contains($0) }
    )
    func notRetryable(_ code: StatusCode) {
        #expect(self.actions([Self.error(code)]) == [.giveUp(isSettled: false)])
        let wished = Self.error(code, pushback: "250")
        #expect(self.actions([wished]) == [.giveUp(isSettled: false)])
    }

    @Test("DEADLINE_EXCEEDED is retried for idempotent calls only")
    func deadline() {
        let error = Self.error(.deadlineExceeded)
        let again = RetryPlan.Action.retry(after: .milliseconds(100))
        #expect(self.actions([error], isIdempotent: true) == [again])
        #expect(self.actions([error], isIdempotent: false) == [.giveUp(isSettled: false)])
    }

    @Test("a server's pushback is the wait, and resets the backoff")
    func pushback() {
        let errors = [
            Self.error(), Self.error(), Self.error(pushback: "375"), Self.error(), Self.error(),
        ]
        let expected = [100, 200, 375, 100].map { RetryPlan.Action.retry(after: .milliseconds($0)) }
        #expect(self.actions(errors) == expected + [.giveUp(isSettled: true)])
    }

    @Test("a pushback of zero is a wait of zero")
    func noWait() {
        #expect(self.actions([Self.error(pushback: "0")]) == [.retry(after: .zero)])
    }

    @Test(
        "a negative or unreadable pushback forbids retries",
        arguments: ["-1", "-250", "soon", "1.5", "", "2 50", "99999999999999999999"]
    )
    func never(_ text: String) {
        #expect(self.actions([Self.error(pushback: text)]) == [.giveUp(isSettled: true)])
        let other = Self.error(.notFound, pushback: text)
        #expect(self.actions([other]) == [.giveUp(isSettled: true)])
    }

    @Test("an error has a single pushback, whatever it had before")
    func withoutRetry() {
        let error = Self.error(pushback: "250").withoutRetry
        #expect(error.trailers.texts("grpc-retry-pushback-ms") == ["-1"])
        #expect(error.pushback == .never)
        #expect(Self.error().pushback == nil)
    }

    @Test("an empty throttle ends the retries, and callers above must not retry")
    func throttled() {
        var plan = RetryPlan(Self.policy(), isIdempotent: false)
        var throttle: RetryThrottle? = RetryThrottle(.init(maxTokens: 4, tokenRatio: 0.1))
        let actions = (0..<2).map { _ in
            plan.failed(with: Self.error(), throttle: &throttle, draw: 0.5)
        }
        #expect(actions == [.retry(after: .milliseconds(100)), .giveUp(isSettled: true)])
    }

    @Test(
        "a failure takes a token when it is retryable, or the server forbids retries",
        arguments: [
            (StatusCode.unavailable, nil, true), (.unavailable, "250", true),
            (.notFound, "-1", true), (.notFound, nil, false), (.notFound, "250", false),
        ] as [(StatusCode, String?, Bool)]
    )
    func tokens(_ code: StatusCode, _ pushback: String?, _ takes: Bool) {
        var plan = RetryPlan(Self.policy(), isIdempotent: false)
        var throttle: RetryThrottle? = RetryThrottle(.init(maxTokens: 2, tokenRatio: 0.1))
        let error = Self.error(code, pushback: pushback)
        _ = plan.failed(with: error, throttle: &throttle, draw: 0.5)
        #expect(throttle?.allowsRetries == !takes)
    }
}

extension RetryPlan.Action {
    /// The wait before the next attempt; -1 when there is none.
    fileprivate var milliseconds: Double {
        guard case .retry(let wait) = self else { return -1 }
        return wait / .milliseconds(1)
    }
}
