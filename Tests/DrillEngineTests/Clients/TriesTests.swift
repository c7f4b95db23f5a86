import Checkers
import DrillEngine
import Scenarios
import Testing

@Suite("The tries of an operation")
struct TriesTests {
    private static let operation = Operation(
        id: 0,
        client: "shop-1",
        subject: "shop-1",
        request: .pay(orderID: "o-1", amount: 1, currency: "EUR"),
        key: "k-1"
    )

    private static let lost = Attempt(outcome: .unknown(code: "no_answer"), mayRetry: true)
    private static let busy = Attempt(
        outcome: .refused(status: 503, code: "unavailable"),
        mayRetry: true
    )

    private static func plan(max: Int) -> RetryPlan {
        var plan = RetryPlan()
        plan.max = max
        (plan.wait, plan.waitMax) = (.milliseconds(100), .milliseconds(300))
        return plan
    }

    @Test("each waits longer than the one before, up to a bound, and they are counted")
    func waits() {
        var tries = Tries(Self.plan(max: 4))
        let waits = (1...5).map { _ in tries.next(after: Self.busy, of: Self.operation) }
        #expect(
            waits == [
                .milliseconds(100), .milliseconds(200), .milliseconds(300), .milliseconds(300), nil,
            ]
        )
        #expect(tries.number == 5)
    }

    @Test("that nothing happened in the last try says nothing of an earlier one without an answer")
    func staysUnknown() {
        var tries = Tries(Self.plan(max: 1))
        _ = tries.next(after: Self.lost, of: Self.operation)
        _ = tries.next(after: Self.busy, of: Self.operation)
        #expect(tries.outcome(Self.busy) == .unknown(code: "unavailable"))
        var calm = Tries(Self.plan(max: 0))
        _ = calm.next(after: Self.busy, of: Self.operation)
        #expect(calm.outcome(Self.busy) == Self.busy.outcome)
    }
}
