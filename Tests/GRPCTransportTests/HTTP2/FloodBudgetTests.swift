import Testing
import TransportCore

@testable import GRPCTransport

@Suite("The budget against floods")
final class FloodBudgetTests {
    private var budget = FloodBudget(now: at(0))

    @Test("a burst up to the limit is allowed, one frame more is not")
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
        let isWithin = rich.spend(FrameCounts(idle: 2_001), now: at(1_000_000))
        #expect(!isWithin)
    }

    @Test("a fault costs ten frames")
    func faults() {
        #expect(self.spend(faults: 200))
        #expect(!self.spend(faults: 1))
    }

    @Test("frames of calls pay for the pings and settings that they cause")
    func useful() {
        for _ in 0..<10_000 { #expect(self.spend(idle: 4, useful: 1)) }
        #expect(self.spend(idle: FloodBudget.tokensMax))
        #expect(!self.spend(idle: 1))
    }

    /// HAProxy 2.6 gives credit 2.76 times per DATA frame (RFC 9113 § 5.2).
    @Test("credit for sent bytes is free, in any number of pieces", arguments: [1, 6, 50])
    func usedCredit(pieces: Int) {
        for _ in 0..<10_000 {
            let frames = FrameCounts(credits: pieces * 2, useful: 1, bytesSent: 50)
            #expect(self.spend(frames))
        }
    }

    @Test("credit may arrive long after the bytes, up to a bound")
    func lateCredit() {
        #expect(self.spend(FrameCounts(bytesSent: .max)))
        let late = FrameCounts(credits: FloodBudget.creditsMax + FloodBudget.tokensMax)
        #expect(self.spend(late))
        #expect(!self.spend(FrameCounts(credits: 1)))
    }

    @Test("credit without sent bytes costs a token like any other frame")
    func unusedCredit() {
        let frames = FrameCounts(credits: FloodBudget.tokensMax + 100, bytesSent: 50)
        #expect(self.spend(frames))
        #expect(!self.spend(FrameCounts(credits: 1)))
    }

    @Test("a clock that stands still or runs backwards earns nothing")
    func strangeClock() {
        #expect(self.spend(idle: 2_000, now: at(5)))
        #expect(!self.spend(idle: 1, now: at(4)))
        var old = FloodBudget(now: Timeline.Instant(nanoseconds: .min))
        let end = Timeline.Instant(nanoseconds: .max)
        let isWithin = old.spend(FrameCounts(), now: end)
        #expect(isWithin)
    }

    @Test("time earned in small steps is not lost")
    func smallSteps() {
        #expect(self.spend(idle: 2_000))
        for step in 1...1_000 {
            let now = Timeline.Instant(nanoseconds: Int64(step) * 1_000_000)
            _ = self.budget.spend(FrameCounts(), now: now)
        }
        #expect(self.spend(idle: 190, now: at(1)))
    }

    private func spend(_ frames: FrameCounts) -> Bool { self.budget.spend(frames, now: at(0)) }

    private func spend(
        idle: Int = 0,
        faults: Int = 0,
        useful: Int = 0,
        now: Timeline.Instant = at(0)
    ) -> Bool {
        self.budget.spend(FrameCounts(idle: idle, faults: faults, useful: useful), now: now)
    }
}

/// The moment `seconds` after the timeline's start.
func at(_ seconds: Int64) -> Timeline.Instant {
    Timeline.Instant(nanoseconds: seconds * 1_000_000_000)
}
