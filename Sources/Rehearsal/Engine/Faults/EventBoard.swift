import Synchronization

/// The names of the system's events as they happen, for faults that wait for them.
///
/// A fault that waits is called on the spot. In a simulation a fault strikes exactly there. What happens
/// inside real processes is not seen there and then: `ledger.committed` comes from a look into the
/// journal every few milliseconds; `….received` and `….replied` are a client's sending of a request
/// that this service takes part in, and its answer.
package final class EventBoard: Sendable {
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

    /// A board that nothing was noted on.
    package init() {}

    /// Calls `strike` at the `nth` event called `name`, counted while any fault waits for an event.
    package func wait(for name: String, nth: Int, _ strike: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.waiters.append(Waiter(name: name, nth: nth, strike: strike)) }
    }

    /// `name` happens now.
    package func note(_ name: @autoclosure () -> String) {
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
