import Testing

@testable import TransportCore

@Suite("The tokens of retries")
struct RetryThrottleTests {
    private static var full: RetryThrottle {
        RetryThrottle(RetryThrottling(maxTokens: 10, tokenRatio: 0.1))
    }

    @Test("with ten tokens the fifth failure stops retries")
    func failures() {
        var throttle = Self.full
        let allowed = (0..<6).map { _ in
            throttle.failed()
            return throttle.allowsRetries
        }
        #expect(allowed == [true, true, true, true, false, false])
    }

    @Test("a success returns a tenth of a token, which is enough at the half")
    func oneSuccess() {
        var throttle = Self.full
        for _ in 0..<5 { throttle.failed() }
        #expect(!throttle.allowsRetries)
        throttle.succeeded()
        #expect(throttle.allowsRetries)
    }

    @Test("after an outage of any length more than fifty successes are needed")
    func recovery() {
        var throttle = Self.full
        for _ in 0..<1_000 { throttle.failed() }
        for _ in 0..<50 {
            throttle.succeeded()
            #expect(!throttle.allowsRetries)
        }
        throttle.succeeded()
        #expect(throttle.allowsRetries)
    }

    @Test("successes never exceed the initial tokens")
    func bound() {
        var throttle = Self.full
        for _ in 0..<1_000 { throttle.succeeded() }
        for _ in 0..<5 { throttle.failed() }
        #expect(!throttle.allowsRetries)
    }
}
