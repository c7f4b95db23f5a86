import TransportCore

/// The look-ups of a channel's name on one event loop, without the resolver and timers.
///
/// Each input returns the action that its owner performs.
struct ResolutionState {
    private enum Phase {
        /// The name was never looked up.
        case unresolved
        case resolving
        /// Calls use the addresses, and the first call after `due` has the name looked up again.
        case resolved(due: Timeline.Instant)
        /// No look-up has returned an address. The next begins after a wait, or with a call after
        /// `due`.
        case backingOff(due: Timeline.Instant)
        case stopped
    }

    enum Action: Equatable {
        case none
        /// Look the name up; a wait for that ends.
        case lookUp
        /// Use the new addresses.
        case adopt
        /// Use the addresses of the last look-up.
        case keepAddresses
        /// Wait as after `failures` failed look-ups in a row, then call ``waitEnded(hasCalls:)``.
        case backOff(failures: Int)
    }

    private var phase = Phase.unresolved

    /// Failed look-ups in a row, while there is no address.
    private var failures = 0

    /// The last failure, while there is no address.
    private(set) var failure: RPCError?

    var isStopped: Bool {
        if case .stopped = self.phase { true } else { false }
    }

    /// An address has failed, or there is none for a call.
    mutating func resolve() -> Action {
        switch self.phase {
        case .unresolved, .resolved, .backingOff:
            self.phase = .resolving
            return .lookUp
        case .resolving, .stopped: return .none
        }
    }

    /// A call is to be sent.
    mutating func callCame(at now: Timeline.Instant) -> Action {
        switch self.phase {
        case .resolved(let due) where due <= now: self.resolve()
        case .backingOff(let due) where due <= now: self.resolve()
        case .unresolved, .resolving, .resolved, .backingOff, .stopped: .none
        }
    }

    /// The look-up returned addresses, to be used until `due`.
    mutating func found(due: Timeline.Instant) -> Action {
        guard case .resolving = self.phase else { return .none }
        self.phase = .resolved(due: due)
        self.failures = 0
        self.failure = nil
        return .adopt
    }

    /// The look-up failed; earlier ones have returned addresses when `hasAddresses`.
    mutating func failed(
        _ error: RPCError,
        hasAddresses: Bool,
        due: Timeline.Instant
    ) -> Action {
        guard case .resolving = self.phase else { return .none }
        guard !hasAddresses else {
            self.phase = .resolved(due: due)
            return .keepAddresses
        }
        self.phase = .backingOff(due: due)
        self.failures += 1
        self.failure = error
        return .backOff(failures: self.failures)
    }

    /// The wait of ``Action/backOff(failures:)`` is over; calls wait for an address when
    /// `hasCalls`.
    mutating func waitEnded(hasCalls: Bool) -> Action {
        guard case .backingOff = self.phase else { return .none }
        guard hasCalls else {
            self.failure = nil
            return .none
        }
        return self.resolve()
    }

    mutating func stop() { self.phase = .stopped }
}
