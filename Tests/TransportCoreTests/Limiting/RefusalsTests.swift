import Testing

@testable import TransportCore

@Suite("Refusals of a limiter")
struct RefusalsTests {
    @Test("a wait is rounded up to a tenth of a second")
    func roundsUp() {
        var refusals = Refusals()
        #expect(refusals.refusal(retryAfter: .milliseconds(101)).retryAfter == .milliseconds(200))
        #expect(refusals.refusal(retryAfter: .milliseconds(200)).retryAfter == .milliseconds(200))
        #expect(refusals.refusal(retryAfter: .zero).retryAfter == .zero)
        #expect(refusals.refusal(retryAfter: .seconds(40)).retryAfter == .seconds(40))
    }

    @Test("each has its reason and its wait, beyond the cache too")
    func manyWaits() {
        var refusals = Refusals()
        for number in (1...2 * Refusals.countMax) + [1, 2 * Refusals.countMax] {
            let error = refusals.refusal(retryAfter: Refusals.step * number)
            #expect(error.code == .resourceExhausted)
            #expect(error.reason == ConcurrencyLimiter.reason)
            #expect(error.retryAfter == Refusals.step * number)
        }
    }
}
