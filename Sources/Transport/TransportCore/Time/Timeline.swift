/// The monotonic time of a transport and its policies: a real clock's or a simulation's.
///
/// Runtime makes it from `ContinuousClock`, a drill from the virtual clock. No code below Runtime
/// reads another.
public struct Timeline: Sendable {
    /// A moment on a timeline.
    public struct Instant: Hashable, Comparable, Sendable {
        /// Nanoseconds since the timeline was made.
        public let nanoseconds: Int64

        /// Creates the moment `nanoseconds` after the timeline was made.
        public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

        /// Orders moments by time.
        public static func < (left: Self, right: Self) -> Bool {
            left.nanoseconds < right.nanoseconds
        }

        /// The moment `duration` later, clamped to the range of `Int64`.
        public func advanced(by duration: Duration) -> Instant {
            let (sum, overflow) = self.nanoseconds.addingReportingOverflow(
                duration.nanosecondsClamped
            )
            return Instant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
        }

        /// The time from here to `other`, clamped to the range of `Int64`; negative when `other` came
        /// first.
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

    /// Cancels a timer; does nothing after it has fired.
    package typealias CancelTimer = @Sendable () -> Void

    /// Creates a timeline on `clock`, starting now.
    public init<C: Clock>(_ clock: C)
    where C.Duration == Duration, C: Sendable, C.Instant: Sendable {
        let start = clock.now
        self.read = { Instant(nanoseconds: start.duration(to: clock.now).nanosecondsClamped) }
        self.wait = { duration in
            try await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
        }
        self.ring = nil
    }

    /// Creates a timeline on `clock`, starting now, whose timers need no task.
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

    /// Schedules `body` at `instant`; nil when this clock has no timers and a task must sleep
    /// instead.
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

/// A clock with timers that need no task, such as a simulation's.
package protocol RingingClock: Clock {
    /// Schedules `body` at `deadline`, or soon when that is past.
    ///
    /// - Returns: a closure that cancels the timer; it does nothing after the timer has fired.
    func call(
        at deadline: Instant,
        _ body: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void
}

extension Duration {
    /// This duration in nanoseconds, clamped to the range of `Int64` (292 years).
    package var nanosecondsClamped: Int64 {
        let (seconds, attoseconds) = self.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowed) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        if overflow || overflowed { return seconds < 0 ? .min : .max }
        return sum
    }
}
