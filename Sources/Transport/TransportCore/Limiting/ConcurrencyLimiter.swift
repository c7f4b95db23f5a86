import Synchronization

/// Limits the calls that a service runs at a time to those that it can answer in time.
///
/// Wrap the service's own methods (``RegisteredMethod/limited(by:)``) and leave health and
/// reflection without a limit. A shed call fails with RESOURCE_EXHAUSTED and the reason ``reason``;
/// its handler has not run.
public final class ConcurrencyLimiter: Sendable {
    /// The reason in a refusal, for programs.
    public static let reason = "OVERLOAD"

    private let timeline: Timeline
    private let delay: @Sendable () -> Duration
    private let onShed: @Sendable () -> Void
    private let state: Mutex<LimiterState>
    private let refusals = Mutex(Refusals())

    /// Creates a limiter at its highest limit.
    ///
    /// - Parameters:
    ///   - rules: The delay that counts as overload, and the bounds of the limit.
    ///   - timeline: The time for waits and deadlines.
    ///   - delay: Measures how long ready work waits in this process now.
    ///   - onShed: Called for each shed call.
    public init(
        _ rules: LoadShedding,
        timeline: Timeline,
        delay: @escaping @Sendable () -> Duration,
        onShed: @escaping @Sendable () -> Void = {}
    ) {
        self.timeline = timeline
        self.delay = delay
        self.onShed = onShed
        self.state = Mutex(LimiterState(rules))
    }

    /// The current load.
    public var load: ServiceLoad {
        self.state.withLock {
            ServiceLoad(
                limit: $0.queue.limit,
                inFlight: $0.queue.inFlight,
                waiting: $0.queue.waiting,
                shed: $0.queue.shed
            )
        }
    }

    /// Runs `body` when its turn comes.
    ///
    /// - Throws: RESOURCE_EXHAUSTED when the turn would come too late, CANCELLED when the task is
    ///   cancelled while waiting, or the error that `body` throws.
    public func run<Answer>(
        until deadline: Timeline.Instant?,
        _ body: () async throws -> Answer
    ) async throws -> Answer {
        try await self.turn(until: deadline)
        let start = self.timeline.now
        defer { self.leave(since: start) }
        return try await body()
    }

    private func turn(until deadline: Timeline.Instant?) async throws(RPCError) {
        let arrival = self.state.withLock { $0.arrive(until: deadline, at: self.timeline.now) }
        switch arrival {
        case .run: return
        case .shed(let wait): throw self.shed(retryAfter: wait)
        case .wait(let ticket):
            guard await self.hasTurn(ticket) else {
                throw Task.isCancelled
                    ? RPCError(.cancelled, "the caller left before its turn")
                    : self.shed(retryAfter: .seconds(1))
            }
        }
    }

    /// Waits for the turn of `ticket`; false when the call is shed or its task is cancelled.
    private func hasTurn(_ ticket: UInt64) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                let known = self.state.withLock { $0.wait(turn, ticket) }
                if let known { turn.resume(returning: known) }
            }
        } onCancel: {
            self.state.withLock { $0.abandon(ticket) }?.resume(returning: false)
        }
    }

    private func shed(retryAfter wait: Duration) -> RPCError {
        self.onShed()
        return self.refusals.withLock { $0.refusal(retryAfter: wait) }
    }

    private func leave(since start: Timeline.Instant) {
        let now = self.timeline.now
        let time = Task.isCancelled ? nil : start.duration(to: now)
        let delay = self.delay()
        let turns = self.state.withLock { $0.leave(after: time, delay: delay, at: now) }
        for (turn, isOn) in turns { turn.resume(returning: isOn) }
    }
}

/// The queue and its waiting tasks.
private struct LimiterState {
    typealias Turn = CheckedContinuation<Bool, Never>

    /// The state of a waiting call.
    ///
    /// Its turn may come before its task waits.
    private enum Seat {
        case empty
        case taken(Turn)
        case called(Bool)
    }

    private(set) var queue: AdmissionQueue
    private var seats: [UInt64: Seat] = [:]

    init(_ rules: LoadShedding) { self.queue = AdmissionQueue(rules) }

    mutating func arrive(
        until deadline: Timeline.Instant?,
        at now: Timeline.Instant
    ) -> AdmissionQueue.Arrival {
        let arrival = self.queue.arrive(deadline: deadline, at: now)
        if case .wait(let ticket) = arrival { self.seats[ticket] = .empty }
        return arrival
    }

    /// Keeps `turn` until its call's turn comes, or returns the decision already made.
    mutating func wait(_ turn: Turn, _ ticket: UInt64) -> Bool? {
        if case .called(let isOn) = self.seats[ticket] {
            self.seats[ticket] = nil
            return isOn
        }
        self.seats[ticket] = .taken(turn)
        return nil
    }

    /// Removes a call whose caller left; returns the continuation to resume.
    mutating func abandon(_ ticket: UInt64) -> Turn? {
        self.queue.abandon(ticket) ? self.call(ticket, false) : nil
    }

    mutating func leave(
        after time: Duration?,
        delay: Duration,
        at now: Timeline.Instant
    ) -> [(Turn, Bool)] {
        self.queue.leave(after: time, delay: delay, at: now).compactMap { release in
            switch release {
            case .run(let ticket): self.call(ticket, true).map { ($0, true) }
            case .shed(let ticket): self.call(ticket, false).map { ($0, false) }
            }
        }
    }

    private mutating func call(_ ticket: UInt64, _ isOn: Bool) -> Turn? {
        if case .taken(let turn) = self.seats[ticket] {
            self.seats[ticket] = nil
            return turn
        }
        self.seats[ticket] = .called(isOn)
        return nil
    }
}

/// The load of a service.
public struct ServiceLoad: Hashable, Sendable {
    /// The number of calls that may run at a time.
    public let limit: Int
    /// The number of running calls.
    public let inFlight: Int
    /// The number of waiting calls.
    public let waiting: Int
    /// The number of calls shed since the start.
    public let shed: UInt64
}

extension RegisteredMethod {
    /// This method with its unary calls under `limiter`.
    ///
    /// Streams may stay open for long and are not limited.
    public func limited(by limiter: ConcurrencyLimiter) -> RegisteredMethod {
        guard case .unary(let handler) = self.handler else { return self }
        return RegisteredMethod(
            name: self.name,
            kind: self.kind,
            handler: .unary { call, message in
                try await limiter.run(until: call.deadline) { try await handler(call, message) }
            }
        )
    }
}
