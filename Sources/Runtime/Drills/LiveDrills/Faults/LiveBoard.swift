import Synchronization

/// Where events are named as this process learns of them, for faults that wait for them.
///
/// What happens inside other processes is not seen there and then. `ledger.committed` comes from a
/// look into the journal every few milliseconds; `….received` and `….replied` are a client's sending
/// of a request that this service takes part in, and its answer.
final class LiveBoard: Sendable {
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
    func note(_ name: String) {
        let due: [Waiter] = self.state.withLock { state in
            let count = state.counts[name, default: 0] + 1
            state.counts[name] = count
            let due = state.waiters.filter { $0.name == name && $0.nth == count }
            state.waiters.removeAll { $0.name == name && $0.nth == count }
            return due
        }
        for waiter in due { waiter.strike() }
    }
}
