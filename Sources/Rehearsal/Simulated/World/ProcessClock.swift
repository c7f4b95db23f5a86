import Identity
import Simulation
import Synchronization
import TransportCore

/// The clocks of one process: a monotonic one, which may run fast or slow, and a time of day,
/// which may also jump.
final class ProcessClock: RingingClock {
    typealias Instant = VirtualClock.Instant

    /// 2030-01-01T00:00:00Z, when every run begins.
    static let startOfTime: UnixSeconds = 1_893_456_000

    private let base: VirtualClock
    private let state = Mutex(State())

    fileprivate struct State {
        var anchor = Instant()
        /// The time that this clock showed at `anchor`.
        var shown = Instant()
        var rate = 1.0
        var jumped = Duration.zero
    }

    init(_ base: VirtualClock) { self.base = base }

    var now: Instant {
        let now = self.base.now
        return self.state.withLock { $0.rate == 1 ? $0.shift(now) : $0.shown(at: now) }
    }

    var minimumResolution: Duration { .nanoseconds(1) }

    /// The seconds since 1970, as this process believes.
    var unixTime: UnixSeconds {
        let sinceStart = self.now.sinceStart + self.state.withLock { $0.jumped }
        return Self.startOfTime + sinceStart.components.seconds
    }

    /// Moves the time of day; monotonic time goes on as it was.
    func jump(by duration: Duration) { self.state.withLock { $0.jumped += duration } }

    /// Gains `rate` seconds a second from now on; negative: loses.
    func drift(_ rate: Double) {
        let now = self.base.now
        self.state.withLock { state in
            state.shown = state.shown(at: now)
            state.anchor = now
            state.rate = 1 + rate
        }
    }

    /// Shows the right time of day again, and runs at the right rate; monotonic time keeps what
    /// it gained, because it must not run backwards.
    func heal() {
        self.drift(0)
        let now = self.base.now
        self.state.withLock { $0.jumped = $0.shown.duration(to: now) }
    }

    /// Waits until this clock shows `deadline`; a change of its rate meanwhile does not count.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try await self.base.sleep(until: self.moment(of: deadline))
    }

    /// Calls `body` when this clock shows `deadline`; a change of its rate meanwhile does not count.
    ///
    /// - Returns: what makes it never be called.
    func call(
        at deadline: Instant,
        _ body: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void {
        self.base.call(at: self.moment(of: deadline), body)
    }

    /// The simulation's time at which this clock will show `deadline`.
    private func moment(of deadline: Instant) -> Instant {
        let left = self.now.duration(to: deadline)
        let rate = self.state.withLock { $0.rate }
        return self.base.now.advanced(by: rate == 1 ? left : left / rate)
    }
}

extension ProcessClock.State {
    fileprivate func shown(at now: VirtualClock.Instant) -> VirtualClock.Instant {
        self.shown.advanced(by: self.anchor.duration(to: now) * self.rate)
    }

    /// The same without a rate: exact.
    fileprivate func shift(_ now: VirtualClock.Instant) -> VirtualClock.Instant {
        self.shown.advanced(by: self.anchor.duration(to: now))
    }
}
