import Checkers
import DrillEngine
import Scenarios
import Testing

@Suite("When a client asks again")
struct RetryPlanTests {
    private static func operation(_ request: Operation.Request, key: String?) -> Operation {
        Operation(id: 1, client: "shop-1", subject: "shop-1", request: request, key: key)
    }

    private static let payment = operation(
        .pay(orderID: "o", amount: 1, currency: "EUR"),
        key: nil
    )
    private static let keyless = operation(.refund(paymentID: "p", amount: nil), key: nil)
    private static let keyed = operation(.refund(paymentID: "p", amount: nil), key: "k")

    private static let busy = Attempt(
        outcome: .refused(status: 503, code: "unavailable"),
        mayRetry: true
    )
    private static let no = Attempt(outcome: .refused(status: 409, code: "no"), mayRetry: false)
    private static let refused = Attempt(
        outcome: .refused(status: 401, code: "unauthenticated"),
        mayRetry: false
    )

    private var plan: RetryPlan {
        var plan = RetryPlan()
        plan.max = 3
        return plan
    }

    @Test("a client asks again as often as its plan says, when it may")
    func goesOn() {
        for attempt in 1...3 {
            #expect(self.plan.goesOn(after: Self.busy, attempt: attempt, of: Self.payment))
        }
        #expect(!self.plan.goesOn(after: Self.busy, attempt: 4, of: Self.payment))
        #expect(!self.plan.goesOn(after: Self.no, attempt: 1, of: Self.payment))
    }

    @Test("a refused token is tried once more, with a fresh one")
    func triesTokenOnce() {
        #expect(self.plan.goesOn(after: Self.refused, attempt: 1, of: Self.payment))
        #expect(!self.plan.goesOn(after: Self.refused, attempt: 2, of: Self.payment))
    }

    @Test("a refund without a key is never asked for twice")
    func isCareful() {
        #expect(!self.plan.goesOn(after: Self.busy, attempt: 1, of: Self.keyless))
        #expect(self.plan.goesOn(after: Self.busy, attempt: 1, of: Self.keyed))
        #expect(!Self.keyless.maySafelyBeRepeated)
        #expect(Self.payment.maySafelyBeRepeated)
        #expect(Self.operation(.read(paymentID: "p"), key: nil).maySafelyBeRepeated)
    }

    @Test("waits double up to the longest, or stay as they are")
    func waits() {
        var plan = self.plan
        plan.waitMax = .milliseconds(350)
        #expect(plan.next(.milliseconds(100)) == .milliseconds(200))
        #expect(plan.next(.milliseconds(200)) == .milliseconds(350))
        #expect(plan.next(.milliseconds(350)) == .milliseconds(350))
        plan.backoff = .constant
        #expect(plan.next(.milliseconds(100)) == .milliseconds(100))
    }

    @Test(
        "after a try of which nobody knows, a refusal of the last try settles nothing",
        arguments: [0, 401, 403, 429, 503]
    )
    func endsUnknown(_ status: Int) {
        let last = Outcome.refused(status: status, code: "c")
        #expect(last.ending(isUnknown: true) == .unknown(code: "c"))
        #expect(last.ending(isUnknown: false) == last)
    }

    @Test("after a try of which nobody knows, an answer about the operation itself does settle it")
    func endsKnown() {
        let conflict = Outcome.refused(status: 409, code: "refund_exceeds_remaining")
        #expect(conflict.ending(isUnknown: true) == conflict)
        let paid = Outcome.paid(paymentID: "p", amount: 1, currency: "EUR", isReplay: true)
        #expect(paid.ending(isUnknown: true) == paid)
    }
}
