import Synchronization

/// A value that is set once; the first to settle it wins.
final class Completion<Value: Sendable>: Sendable {
    private let state = Mutex(State.waiting([]))

    private enum State {
        case waiting([CheckedContinuation<Value, Never>])
        case settled(Value)
    }

    /// The value, or nil until it is settled.
    var settled: Value? {
        self.state.withLock { state in
            if case .settled(let value) = state { value } else { nil }
        }
    }

    /// Waits for the value; cancelling the task does not end the wait.
    var value: Value {
        get async { await withCheckedContinuation { self.park($0) } }
    }

    /// Settles on `value`.
    ///
    /// - Returns: false when it was already settled; nothing changes then.
    @discardableResult
    func settle(_ value: Value) -> Bool {
        let waiters: [CheckedContinuation<Value, Never>]? = self.state.withLock { state in
            guard case .waiting(let waiters) = state else { return nil }
            state = .settled(value)
            return waiters
        }
        guard let waiters else { return false }
        for waiter in waiters { waiter.resume(returning: value) }
        return true
    }

    private func park(_ waiter: CheckedContinuation<Value, Never>) {
        let value: Value? = self.state.withLock { state in
            switch state {
            case .settled(let value): return value
            case .waiting(let waiters):
                state = .waiting(waiters + [waiter])
                return nil
            }
        }
        if let value { waiter.resume(returning: value) }
    }
}
