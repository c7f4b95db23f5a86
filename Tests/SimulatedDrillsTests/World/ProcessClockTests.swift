import DrillEngine
import Identity
import Simulation
import Testing

@testable import SimulatedDrills

@Suite("The clocks of one process")
struct ProcessClockTests {
    private let base = VirtualClock()

    private func clock() -> ProcessClock { ProcessClock(self.base) }

    private static let start = ProcessClock.startOfTime

    @Test("a clock that nothing struck shows the time of the run")
    func isRight() {
        let clock = self.clock()
        self.base.advance(by: .milliseconds(1_500))
        #expect(clock.now == self.base.now)
        #expect(clock.unixTime == Self.start + 1)
    }

    @Test("a jump moves the time of day, and leaves monotonic time as it was")
    func jumps() {
        let clock = self.clock()
        self.base.advance(by: .seconds(10))
        clock.jump(by: .seconds(-300))
        #expect(clock.unixTime == Self.start - 290)
        #expect(clock.now == self.base.now)
        clock.jump(by: .seconds(400))
        #expect(clock.unixTime == Self.start + 110)
    }

    @Test("a clock that drifts gains or loses so much a second from then on")
    func drifts() {
        let clock = self.clock()
        self.base.advance(by: .seconds(10))
        clock.drift(0.5)
        #expect(clock.now == .init(sinceStart: .seconds(10)))
        self.base.advance(by: .seconds(20))
        #expect(clock.now == .init(sinceStart: .seconds(40)))
        clock.drift(-0.5)
        self.base.advance(by: .seconds(20))
        #expect(clock.now == .init(sinceStart: .seconds(50)))
        #expect(clock.unixTime == Self.start + 50)
    }

    @Test("a clock whose drift ends keeps what it gained, and runs at the right rate")
    func stopsDrifting() {
        let clock = self.clock()
        clock.drift(1)
        self.base.advance(by: .seconds(5))
        clock.drift(0)
        self.base.advance(by: .seconds(5))
        #expect(clock.now == .init(sinceStart: .seconds(15)))
    }

    @Test("a healed clock shows the right time of day, and its monotonic time does not jump")
    func heals() {
        let clock = self.clock()
        clock.jump(by: .seconds(1_000))
        clock.drift(0.5)
        self.base.advance(by: .seconds(100))
        clock.heal()
        #expect(clock.unixTime == Self.start + 100)
        #expect(clock.now == .init(sinceStart: .seconds(150)))
        self.base.advance(by: .seconds(100))
        #expect(clock.unixTime == Self.start + 200)
        #expect(clock.now == .init(sinceStart: .seconds(250)))
    }

    @Test(
        "a sleeper wakes when its own clock shows the deadline, fast or slow",
        arguments: [
            (1.0, 5), (0.0, 10), (-0.5, 20),
        ]
    )
    func sleeps(_ rate: Double, _ seconds: Int) throws {
        var options = SimulationOptions()
        options.jitter = .none
        let (own, real) = try Simulation.run(seed: 1, options: options) { simulation in
            let clock = ProcessClock(simulation.clock)
            clock.drift(rate)
            try await clock.sleep(until: clock.now.advanced(by: .seconds(10)))
            return (clock.now.sinceStart, simulation.clock.now.sinceStart)
        }.outcome.get()
        #expect(own == .seconds(10))
        #expect(real == .seconds(seconds))
    }
}
