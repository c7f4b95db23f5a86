/// The monotonic time that a transport and its policies live by: a real clock's, or a simulation's.
///
/// Made in Runtime from `ContinuousClock`, in a drill from the virtual clock. Nothing below Runtime reads another.
public struct Timeline: Sendable {
    /// A moment, in nanoseconds since the timeline was made.
    public struct Instant: Hashable, Comparable, Sendable {
        /// Nanoseconds since the timeline was made.
        public let nanoseconds: Int64

        /// A moment `nanoseconds` after the timeline was made.
        public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

        /// The earlier is the smaller.
        public static func < (left: Self, right: Self) -> Bool {
            left.nanoseconds < right.nanoseconds
        }

        /// The moment `duration` later; what would not fit is the end of time.
        public func advanced(by duration: Duration) -> Instant {
            let (sum, overflow) = self.nanoseconds.addingReportingOverflow(
                duration.nanosecondsClamped
            )
            return Instant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
        }

        /// How long it is from here to `other`; negative when `other` came first.
        public func duration(to other: Instant) -> Duration {
            let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(
                self.nanoseconds
            )
            return .nanoseconds(overflow ? (other < self ? .min : .max) : difference)
        }
    }

    private let read: @Sendable () -> Instant
    private let wait: @Sendable (Duration) async throws -> Void
    private let ring: Ring?

    private typealias Ring = @Sendable (Duration, @escaping @Sendable () -> Void) -> CancelTimer

    /// Makes a timer never ring; harmless once it has.
    package typealias CancelTimer = @Sendable () -> Void

    /// The timeline that `clock` measures, starting now.
    public init<C: Clock>(_ clock: C)
    where C.Duration == Duration, C: Sendable, C.Instant: Sendable {
        let start = clock.now
        self.read = { Instant(nanoseconds: start.duration(to: clock.now).nanosecondsClamped) }
        self.wait = { duration in
            try await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
        }
        self.ring = nil
    }

    /// The timeline that `clock` measures, starting now, with timers that need no task.
    package init<C: RingingClock>(ringing clock: C)
    where C.Duration == Duration, C: Sendable, C.Instant: Sendable {
        let start = clock.now
        self.read = { Instant(nanoseconds: start.duration(to: clock.now).nanosecondsClamped) }
        self.wait = { duration in
            try await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
        }
        self.ring = { duration, body in
            clock.call(at: clock.now.advanced(by: duration), body)
        }
    }

    /// This moment.
    public var now: Instant { self.read() }

    /// Waits until `instant`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(until instant: Instant) async throws {
        let left = self.now.duration(to: instant)
        if left > .zero { try await self.wait(left) } else { try Task.checkCancellation() }
    }

    /// Calls `body` at `instant`, if the clock rings by itself; nil when a task must sleep for it.
    package func call(
        at instant: Instant,
        _ body: @escaping @Sendable () -> Void
    ) -> CancelTimer? {
        guard let ring = self.ring else { return nil }
        return ring(self.now.duration(to: instant), body)
    }

    /// Waits for `duration`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        try await self.wait(duration)
    }
}

/// A clock that calls back by itself, as a simulation's does: a timer on it needs no task.
package protocol RingingClock: Clock {
    /// Calls `body` at `deadline`, or soon when that is past.
    ///
    /// - Returns: what makes it never be called; harmless once it was.
    func call(
        at deadline: Instant,
        _ body: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void
}

extension Duration {
    /// This duration in nanoseconds, held within what an `Int64` can say (292 years).
    package var nanosecondsClamped: Int64 {
        let (seconds, attoseconds) = self.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowed) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        if overflow || overflowed { return seconds < 0 ? .min : .max }
        return sum
    }
}
