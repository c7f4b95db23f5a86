import Synchronization

/// The calls of one host in flight, in the order in which they came.
final class CallRegistry<Call: Sendable>: Sendable {
    private let callsMax: Int
    private let state = Mutex(State())

    private struct State {
        var next: UInt64 = 0
        var isClosed = false
        var calls: [UInt64: Call] = [:]
    }

    /// The result of registering a call.
    enum Admission {
        case admitted(Call)
        case full
        case closed
    }

    init(callsMax: Int) { self.callsMax = callsMax }

    /// Registers the call that `make` creates for its ticket.
    func admit(_ make: (UInt64) -> Call) -> Admission {
        self.state.withLock { state in
            if state.isClosed { return .closed }
            guard state.calls.count < self.callsMax else { return .full }
            state.next += 1
            let call = make(state.next)
            state.calls[state.next] = call
            return .admitted(call)
        }
    }

    func remove(_ ticket: UInt64) {
        self.state.withLock { _ = $0.calls.removeValue(forKey: ticket) }
    }

    /// All calls in flight, the oldest first.
    var all: [Call] {
        self.state.withLock { state in
            state.calls.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// The number of calls in flight that `matches` accepts.
    func count(where matches: (Call) -> Bool) -> Int {
        self.state.withLock { $0.calls.values.count(where: matches) }
    }

    var isClosed: Bool { self.state.withLock { $0.isClosed } }

    /// Refuses further calls and empties the registry.
    ///
    /// - Returns: the calls that were in flight, the oldest first.
    func close() -> [Call] {
        self.state.withLock { state in
            state.isClosed = true
            defer { state.calls.removeAll() }
            return state.calls.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
