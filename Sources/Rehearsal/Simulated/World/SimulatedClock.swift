import DrillEngine
import Identity
import Simulation

/// The clock of users in a simulation, which is right.
struct SimulatedClock: RunClock {
    private let clock: VirtualClock

    init(_ clock: VirtualClock) { self.clock = clock }

    var elapsed: Duration { self.clock.now.sinceStart }

    var unixTime: UnixSeconds { ProcessClock.startOfTime + self.elapsed.components.seconds }

    func sleep(until elapsed: Duration) async -> Bool {
        (try? await self.clock.sleep(until: .init(sinceStart: elapsed))) != nil
    }
}
