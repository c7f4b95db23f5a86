import Synchronization

/// A clock whose time stands still until somebody moves it.
///
/// Sleepers wake in the order of their deadlines, and of their arrival where deadlines are equal;
/// nothing about that order depends on the machine. A sleeper that is cancelled is forgotten.
public final class VirtualClock: Clock {
    /// A moment, as far from the start of the simulation as ``sinceStart`` says.
    public struct Instant: InstantProtocol {
        /// The time from the start of the simulation to this moment.
        public let sinceStart: Duration

        /// The moment that comes `sinceStart` after the start of the simulation.
        public init(sinceStart: Duration = .zero) { self.sinceStart = sinceStart }

        /// The moment `duration` later.
        public func advanced(by duration: Duration) -> Instant {
            Instant(sinceStart: self.sinceStart + duration)
        }

        /// How long it is from here to `other`.
        public func duration(to other: Instant) -> Duration { other.sinceStart - self.sinceStart }

        /// The earlier is the smaller.
        public static func < (left: Instant, right: Instant) -> Bool {
            left.sinceStart < right.sinceStart
        }
    }

    private let state = Mutex(State())

    private struct State {
        var now = Instant()
        var sleepers = SleeperQueue()
    }

    /// A clock that stands at zero.
    public init() {}

    /// The moment at which the clock stands.
    public var now: Instant { self.state.withLock { $0.now } }

    /// One attosecond: time here is exact.
    public var minimumResolution: Duration {
        Duration(secondsComponent: 0, attosecondsComponent: 1)
    }

    /// When the next sleeper is to wake, or nil when nobody sleeps.
    public var nextDeadline: Instant? { self.state.withLock { $0.sleepers.nextDeadline } }

    /// How many tasks sleep, and calls wait.
    public var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    /// Moves time on by `duration` and wakes everyone whose deadline has come by then.
    ///
    /// - Precondition: `duration` is not negative.
    public func advance(by duration: Duration) {
        precondition(duration >= .zero, "virtual time does not run backwards")
        self.advance { $0.now.advanced(by: duration) }
    }

    /// Moves time to `moment`, if that is still to come, and wakes everyone who waits for it.
    func advance(to moment: Instant) {
        self.advance { max($0.now, moment) }
    }

    /// Moves time on to the next deadline and wakes everyone who waits for that moment.
    ///
    /// - Returns: whether anybody slept.
    @discardableResult
    public func advanceToNext() -> Bool {
        self.advance { $0.sleepers.nextDeadline }
    }

    /// Waits until time has been moved to `deadline`; returns at once when it is past.
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

    /// Calls `body` when time has been moved to `deadline`, on the thread that moves it, and
    /// without a task; a deadline that is past is due with the next move.
    ///
    /// - Returns: what makes it never be called; without effect once time has been moved to
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

    /// Forgets the calls that nobody cancelled and whose time will not come.
    ///
    /// What they hold may hold this clock, so they are let go outside of its lock.
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
