import Synchronization

/// A channel with a circuit breaker for each method.
///
/// INTERNAL and UNKNOWN count as failures, and so do UNAVAILABLE and DEADLINE_EXCEEDED without a
/// reason of the service's own; every other answer is a success. A service that answers with a
/// reason is alive. When it reports that another one behind it is away, the breaker in front of
/// that one is nearer to the trouble; one here would stay open after the trouble is over.
///
/// A refused call is not sent. It ends at once with UNAVAILABLE, and the error carries the time to
/// wait.
public final class BreakerChannel: Channel {
    /// The reason in a refusal, for programs.
    public static let reason = "BREAKER_OPEN"

    private let base: any Channel
    private let target: String
    private let limits: CircuitBreaking
    private let timeline: Timeline
    private let breakers = Mutex<[String: CircuitBreaker]>([:])
    private let onOpened: @Sendable (_ method: String) -> Void

    /// Wraps `base`, which calls `target`.
    ///
    /// - Parameters:
    ///   - base: Makes the calls.
    ///   - target: The service's name in errors.
    ///   - limits: The conditions for opening, and the open time.
    ///   - timeline: The time for windows and waits.
    ///   - onOpened: Called each time a breaker opens.
    public init(
        _ base: any Channel,
        target: String,
        _ limits: CircuitBreaking,
        timeline: Timeline,
        onOpened: @escaping @Sendable (_ method: String) -> Void = { _ in }
    ) {
        self.base = base
        self.target = target
        self.limits = limits
        self.timeline = timeline
        self.onOpened = onOpened
    }

    /// Makes the call, unless the breaker of its method is open.
    public func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply
    {
        let ticket = try self.admit(call)
        do throws(RPCError) {
            let reply = try await self.base.unary(call, message)
            self.ended(call, ticket, nil)
            return reply
        } catch {
            self.ended(call, ticket, error)
            throw error
        }
    }

    /// Opens the stream, unless the breaker of its method is open.
    ///
    /// Only success or failure to open it counts.
    public func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        let ticket = try self.admit(call)
        do throws(RPCError) {
            let stream = try await self.base.open(call)
            self.ended(call, ticket, nil)
            return stream
        } catch {
            self.ended(call, ticket, error)
            throw error
        }
    }

    /// Lets probes through every open breaker at once, because the service serves again or has
    /// moved.
    public func serviceRecovered() {
        self.breakers.withLock { breakers in
            for method in breakers.keys.sorted() { breakers[method]?.serviceRecovered() }
        }
    }

    /// The state of the breaker of each method called so far, sorted by name.
    public var states: [(method: String, state: BreakerState)] {
        let now = self.timeline.now
        return self.breakers.withLock { breakers in
            breakers.sorted { $0.key < $1.key }
                .map { ($0.key, BreakerState($0.value.state, at: now)) }
        }
    }

    private func admit(_ call: OutgoingCall) throws(RPCError) -> CircuitBreaker.Ticket {
        let now = self.timeline.now
        let admission = self.breakers.withLock { breakers in
            breakers[call.method, default: CircuitBreaker(self.limits)].admit(at: now)
        }
        switch admission {
        case .allowed(let ticket): return ticket
        case .refused(let wait): throw self.refusal(of: call, wait)
        }
    }

    private func refusal(of call: OutgoingCall, _ wait: Duration) -> RPCError {
        var refusal = RPCError(
            .unavailable,
            "\(self.target) fails too often: \(call.method) is not called for now",
            reason: Self.reason,
            retryAfter: wait
        ).withoutRetry
        refusal.wasNeverProcessed = true
        return refusal
    }

    private func ended(_ call: OutgoingCall, _ ticket: CircuitBreaker.Ticket, _ error: RPCError?) {
        let now = self.timeline.now
        let isOpened = self.breakers.withLock { breakers in
            if error?.code == .cancelled {
                breakers[call.method]?.withdrawn(ticket)
                return false
            }
            let failed = error?.countsAgainstService ?? false
            return breakers[call.method]?.ended(ticket, failed: failed, at: now) ?? false
        }
        if isOpened { self.onOpened(call.method) }
    }
}

/// The state of a breaker, for operators.
public enum BreakerState: String, Hashable, Sendable, CaseIterable {
    /// Calls pass.
    case closed
    /// No call passes.
    case open
    /// A few calls pass as probes.
    case halfOpen

    init(_ state: CircuitBreaker.State, at now: Timeline.Instant) {
        switch state {
        case .closed: self = .closed
        case .open(let until): self = now < until ? .open : .halfOpen
        case .halfOpen: self = .halfOpen
        }
    }
}

extension RPCError {
    fileprivate var countsAgainstService: Bool {
        switch self.code {
        case .internalError, .unknown: true
        case .unavailable, .deadlineExceeded: self.reason == nil
        default: false
        }
    }
}
