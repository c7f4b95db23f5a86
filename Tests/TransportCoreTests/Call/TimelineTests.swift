import Simulation
import Testing
import TransportCore

@Suite("The timeline", .timeLimit(.minutes(10)))
struct TimelineTests {
    private let clock = VirtualClock()

    @Test("it starts at zero and follows its clock")
    func starts() {
        self.clock.advance(by: .seconds(7))
        let timeline = Timeline(self.clock)
        #expect(timeline.now == Timeline.Instant(nanoseconds: 0))
        self.clock.advance(by: .milliseconds(3))
        #expect(timeline.now == Timeline.Instant(nanoseconds: 3_000_000))
    }

    @Test("a moment out of range is clamped")
    func clamped() {
        let instant = Timeline.Instant(nanoseconds: 5)
        #expect(instant.advanced(by: .seconds(Int64.max)).nanoseconds == .max)
        #expect(instant.advanced(by: .seconds(Int64.min)).nanoseconds < 0)
        let early = Timeline.Instant(nanoseconds: -10)
        #expect(early.advanced(by: .seconds(Int64.min)).nanoseconds == .min)
        #expect(early.duration(to: .init(nanoseconds: .max)) == .nanoseconds(Int64.max))
        #expect(Duration.seconds(Int64.max).nanosecondsClamped == .max)
        #expect(Duration.seconds(Int64.min).nanosecondsClamped == .min)
        #expect(Duration.milliseconds(-1).nanosecondsClamped == -1_000_000)
    }

    @Test("a duration to an earlier moment is negative, at any distance")
    func backwards() {
        let (early, late) = (Timeline.Instant(nanoseconds: .min), Timeline.Instant(nanoseconds: 1))
        #expect(late.duration(to: early) < .zero)
        #expect(early.duration(to: late) > .zero)
        #expect(early < late)
    }

    @Test("it sleeps until a moment, and not at all for a past one")
    func sleeps() async throws {
        let (timeline, clock) = (Timeline(self.clock), self.clock)
        try await timeline.sleep(until: timeline.now)
        async let slept: Void = timeline.sleep(until: .init(nanoseconds: 2_000_000_000))
        while clock.sleeperCount == 0 { await Task.yield() }
        #expect(clock.nextDeadline?.sinceStart == .seconds(2))
        clock.advanceToNext()
        try await slept
    }

    @Test("a cancelled task does not sleep, not even until the past")
    func cancelled() async {
        let timeline = Timeline(self.clock)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            await #expect(throws: CancellationError.self) {
                try await timeline.sleep(until: timeline.now)
            }
            await #expect(throws: CancellationError.self) {
                try await timeline.sleep(for: .seconds(1))
            }
        }
        task.cancel()
        await task.value
    }
}
