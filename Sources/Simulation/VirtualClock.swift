import Synchronization

/// A clock whose time advances only on request.
///
/// Sleepers wake in order of deadline, then of arrival, on every machine. Cancelled sleepers are
/// removed.
public final class VirtualClock: Clock {
    /// A moment, measured from the start of the simulation.
    public struct Instant: InstantProtocol {
        /// The time from the start of the simulation to this moment.
        public let sinceStart: Duration

        /// The moment that comes `sinceStart` after the start of the simulation.
        public init(sinceStart: Duration = .zero) { self.sinceStart = sinceStart }

        /// The moment `duration` later.
        public func advanced(by duration: Duration) -> Instant {
            Instant(sinceStart: self.sinceStart + duration)
        }

        /// The duration from this moment to `other`.
        public func duration(to other: Instant) -> Duration { other.sinceStart - self.sinceStart }

        /// Orders by time.
        public static func < (left: Instant, right: Instant) -> Bool {
            left.sinceStart < right.sinceStart
        }
    }

    private let state = Mutex(State())

    private struct State {
        var now = Instant()
        var sleepers = SleeperQueue()
    }

    /// A clock at zero.
    public init() {}

    /// The current virtual time.
    public var now: Instant { self.state.withLock { $0.now } }

    /// An attosecond: virtual time is exact.
    public var minimumResolution: Duration {
        Duration(secondsComponent: 0, attosecondsComponent: 1)
    }

    /// The earliest deadline of a sleeper; nil if there is none.
    public var nextDeadline: Instant? { self.state.withLock { $0.sleepers.nextDeadline } }

    /// The number of sleeping tasks and pending calls.
    public var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    /// Advances time by `duration` and wakes every sleeper whose deadline has passed.
    ///
    /// - Precondition: `duration` is not negative.
    public func advance(by duration: Duration) {
        precondition(duration >= .zero, "virtual time does not run backwards")
        self.advance { $0.now.advanced(by: duration) }
    }

    /// Advances time to `moment`, unless it is past, and wakes every sleeper due by then.
    func advance(to moment: Instant) {
        self.advance { max($0.now, moment) }
    }

    /// Advances time to the next deadline and wakes its sleepers.
    ///
    /// - Returns: False if there were no sleepers.
    @discardableResult
    public func advanceToNext() -> Bool {
        self.advance { $0.sleepers.nextDeadline }
    }

    /// Suspends until time reaches `deadline`; returns at once if it is past.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let arrival = self.state.withLock { $0.sleepers.nextArrival() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { sleeper in
                self.park(sleeper, SleeperQueue.Key(deadline: deadline, arrival: arrival))
            }
        } onCancel: {
            self.cancel(arrival)
        }
    }

    /// Calls `body` when time reaches `deadline`, without a task and on the thread that advances
    /// time.
    ///
    /// A past deadline is due at the next advance.
    ///
    /// - Returns: A closure that cancels the call; it has no effect once time has reached
    ///   `deadline`.
    public func call(
        at deadline: Instant,
        _ body: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void {
        let arrival = self.state.withLock { state in
            let arrival = state.sleepers.nextArrival()
            let key = SleeperQueue.Key(deadline: deadline, arrival: arrival)
            state.sleepers.insert(.call(body), key)
            return arrival
        }
        return { self.cancel(arrival) }
    }

    /// Drops all pending calls.
    ///
    /// Released outside the lock, because their closures may hold this clock.
    func forgetCalls() {
        let calls = self.state.withLock { $0.sleepers.removeCalls() }
        withExtendedLifetime(calls) {}
    }

    private func cancel(_ arrival: UInt64) {
        self.state.withLock { $0.sleepers.remove(arrival) }?.cancel()
    }

    private func park(
        _ sleeper: CheckedContinuation<Void, any Error>,
        _ key: SleeperQueue.Key
    ) {
        let answer: Result<Void, any Error>? = self.state.withLock { state in
            if Task.isCancelled { return .failure(CancellationError()) }
            if key.deadline <= state.now { return .success(()) }
            state.sleepers.insert(.task(sleeper), key)
            return nil
        }
        if let answer { sleeper.resume(with: answer) }
    }

    @discardableResult
    private func advance(to target: (inout State) -> Instant?) -> Bool {
        let due: [SleeperQueue.Sleeper]? = self.state.withLock { state in
            guard let moment = target(&state) else { return nil }
            state.now = moment
            return state.sleepers.removeDue(at: moment)
        }
        for sleeper in due ?? [] { sleeper.wake() }
        return due != nil
    }
}
