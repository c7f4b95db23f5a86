import DrillEngine
import Foundation
import Identity

/// The time of a live run, which begins when this is made.
struct WallClock: RunClock {
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now

    var elapsed: Duration { self.start.duration(to: self.clock.now) }

    var unixTime: UnixSeconds { UnixSeconds(Date().timeIntervalSince1970) }

    func sleep(until elapsed: Duration) async -> Bool {
        (try? await self.clock.sleep(until: self.start.advanced(by: elapsed))) != nil
    }
}
