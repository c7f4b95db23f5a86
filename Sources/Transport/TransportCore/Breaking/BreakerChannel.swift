import Synchronization

/// A channel that stops calling a method while too many of its calls fail.
///
/// INTERNAL and UNKNOWN are failures, and so are UNAVAILABLE and DEADLINE_EXCEEDED for which the
/// service gives no reason of its own; any other answer is a sign of life. A service that says at once
/// that another one behind it is away needs no breaker: its own caller's is nearer to the trouble, and
/// one here would stay open when that is over. A refused call ends with UNAVAILABLE at once, says when
/// to ask again, and was never sent.
public final class BreakerChannel: Channel {
    /// The reason of a refusal, for programs.
    public static let reason = "BREAKER_OPEN"

    private let base: any Channel
    private let target: String
    private let limits: CircuitBreaking
    private let timeline: Timeline
    private let breakers = Mutex<[String: CircuitBreaker]>([:])
    private let onOpened: @Sendable (_ method: String) -> Void

    /// `base`, which calls `target`, with a breaker for each method.
    ///
    /// - Parameters:
    ///   - base: Makes the calls.
    ///   - target: The service, as errors name it.
    ///   - limits: When to open, and for how long.
    ///   - timeline: The time of windows.
    ///   - onOpened: Told of every breaker that opens.
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

    /// Opens the stream, unless the breaker of its method is open; whether it could be opened is
    /// all that counts.
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

    /// The service serves again, or at another address: every breaker that is not closed lets its
    /// probes through at once.
    public func serviceRecovered() {
        self.breakers.withLock { breakers in
            for method in breakers.keys.sorted() { breakers[method]?.serviceRecovered() }
        }
    }

    /// How the breaker of each method that was called is, by name.
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

/// How a breaker is, for operators.
public enum BreakerState: String, Hashable, Sendable, CaseIterable {
    /// Calls pass.
    case closed
    /// No call passes.
    case open
    /// A few calls pass, to see.
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
