import Synchronization

/// Keeps a service from taking on more than it can answer in time.
///
/// Put it around the methods of the service: health and reflection are never limited, because they
/// are never wrapped. What is sent away gets RESOURCE_EXHAUSTED with the reason ``reason`` and has
/// not been looked at.
public final class ConcurrencyLimiter: Sendable {
    /// The reason of a refusal, for programs.
    public static let reason = "OVERLOAD"

    private let timeline: Timeline
    private let delay: @Sendable () -> Duration
    private let onShed: @Sendable () -> Void
    private let state: Mutex<LimiterState>
    private let refusals = Mutex(Refusals())

    /// A limiter that begins without evidence of overload.
    ///
    /// - Parameters:
    ///   - rules: How much delay is too much, and between which bounds the limit is.
    ///   - timeline: The time of waits and deadlines.
    ///   - delay: How long what is ready to run waits in this process now: the evidence.
    ///   - onShed: Told of every call that is sent away.
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

    /// How things are now.
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
    /// - Throws: RESOURCE_EXHAUSTED when it would come too late, CANCELLED when the caller leaves, or
    ///   what `body` throws.
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

    /// Whether the turn came before the caller's time was up and before it left.
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

/// The queue, and the tasks that wait in it.
private struct LimiterState {
    typealias Turn = CheckedContinuation<Bool, Never>

    /// Where a waiting call stands.
    ///
    /// Its turn may come before its task has begun to wait.
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

    /// Lets `turn` wait; returns what is known already.
    mutating func wait(_ turn: Turn, _ ticket: UInt64) -> Bool? {
        if case .called(let isOn) = self.seats[ticket] {
            self.seats[ticket] = nil
            return isOn
        }
        self.seats[ticket] = .taken(turn)
        return nil
    }

    /// The caller has left; returns whom to tell.
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

/// What a service has taken on.
public struct ServiceLoad: Hashable, Sendable {
    /// Calls that may run at a time.
    public let limit: Int
    /// Calls that run.
    public let inFlight: Int
    /// Calls that wait for their turn.
    public let waiting: Int
    /// Calls that were sent away since the start.
    public let shed: UInt64
}

extension RegisteredMethod {
    /// The method, with its unary calls under `limiter`.
    ///
    /// A stream may be open for long and is left alone.
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
