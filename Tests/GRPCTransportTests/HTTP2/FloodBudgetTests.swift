import Testing
import TransportCore

@testable import GRPCTransport

@Suite("The budget against floods")
final class FloodBudgetTests {
    private var budget = FloodBudget(now: at(0))

    @Test("a burst up to the limit is forgiven, one frame more is not")
    func burst() {
        #expect(self.spend(idle: FloodBudget.tokensMax))
        #expect(!self.spend(idle: 1))
    }

    @Test("time earns tokens, but never more than the limit")
    func refill() {
        #expect(self.spend(idle: FloodBudget.tokensMax))
        #expect(self.spend(idle: 200, now: at(1)))
        #expect(!self.spend(idle: 1, now: at(1)))
        var rich = FloodBudget(now: at(0))
        let isWithin = rich.spend(idleFrames: 2_001, resets: 0, useful: 0, now: at(1_000_000))
        #expect(!isWithin)
    }

    @Test("a reset costs ten frames")
    func resets() {
        #expect(self.spend(resets: 200))
        #expect(!self.spend(resets: 1))
    }

    @Test("frames that carry calls pay for the window updates that answer them")
    func useful() {
        for _ in 0..<10_000 { #expect(self.spend(idle: 2, useful: 1)) }
    }

    @Test("a clock that stands still or runs backwards earns nothing and breaks nothing")
    func strangeClock() {
        #expect(self.spend(idle: 2_000, now: at(5)))
        #expect(!self.spend(idle: 1, now: at(4)))
        var old = FloodBudget(now: Timeline.Instant(nanoseconds: .min))
        let end = Timeline.Instant(nanoseconds: .max)
        let isWithin = old.spend(idleFrames: 0, resets: 0, useful: 0, now: end)
        #expect(isWithin)
    }

    @Test("small steps of time are not lost")
    func smallSteps() {
        #expect(self.spend(idle: 2_000))
        for step in 1...1_000 {
            let now = Timeline.Instant(nanoseconds: Int64(step) * 1_000_000)
            _ = self.budget.spend(idleFrames: 0, resets: 0, useful: 0, now: now)
        }
        #expect(self.spend(idle: 190, now: at(1)))
    }

    private func spend(
        idle: Int = 0,
        resets: Int = 0,
        useful: Int = 0,
        now: Timeline.Instant = at(0)
    ) -> Bool {
        self.budget.spend(idleFrames: idle, resets: resets, useful: useful, now: now)
    }
}

/// A moment, in seconds.
func at(_ seconds: Int64) -> Timeline.Instant {
    Timeline.Instant(nanoseconds: seconds * 1_000_000_000)
}
