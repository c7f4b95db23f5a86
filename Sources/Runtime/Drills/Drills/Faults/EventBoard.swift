import Synchronization

/// Where the system's events are named as they happen, for faults that wait for them.
///
/// Whoever waits is called on the spot, so that a fault strikes exactly there.
final class EventBoard: Sendable {
    private let state = Mutex(State())

    private struct State {
        var counts: [String: Int] = [:]
        var waiters: [Waiter] = []
    }

    private struct Waiter {
        let name: String
        let nth: Int
        let strike: @Sendable () -> Void
    }

    /// Calls `strike` at the `nth` event called `name`, counted from the start of the run.
    func wait(for name: String, nth: Int, _ strike: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.waiters.append(Waiter(name: name, nth: nth, strike: strike)) }
    }

    /// `name` happens now.
    func note(_ name: @autoclosure () -> String) {
        let due: [Waiter] = self.state.withLock { state in
            if state.waiters.isEmpty { return [] }
            let name = name()
            let count = state.counts[name, default: 0] + 1
            state.counts[name] = count
            let due = state.waiters.filter { $0.name == name && $0.nth == count }
            if !due.isEmpty { state.waiters.removeAll { $0.name == name && $0.nth == count } }
            return due
        }
        for waiter in due { waiter.strike() }
    }
}
