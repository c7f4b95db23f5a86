import Synchronization

/// Wakes tasks that wait for new entries.
final class EntrySignal: Sendable {
    private let state = Mutex(State())

    fileprivate struct State {
        var count: UInt64 = 0
        var isReleased = false
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextID: UInt64 = 0
    }

    /// Wakes all waiters because the journal has at least `count` entries.
    func announce(_ count: UInt64) {
        let woken = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard count > state.count else { return [] }
            state.count = count
            return state.takeWaiters()
        }
        for waiter in woken { waiter.resume() }
    }

    /// Wakes all waiters.
    func wakeAll() {
        for waiter in self.state.withLock({ $0.takeWaiters() }) { waiter.resume() }
    }

    /// Wakes all waiters, now and in future.
    func release() {
        self.state.withLock { $0.isReleased = true }
        self.wakeAll()
    }

    /// Suspends until more than `sequence` entries exist, all are woken, or the task is cancelled.
    func wait(after sequence: UInt64) async {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { self.park($0, id, after: sequence) }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    private func park(
        _ waiter: CheckedContinuation<Void, Never>,
        _ id: UInt64,
        after sequence: UInt64
    ) {
        let waits = self.state.withLock { state in
            guard state.count <= sequence, !state.isReleased, !Task.isCancelled else {
                return false
            }
            state.waiters[id] = waiter
            return true
        }
        if !waits { waiter.resume() }
    }
}

extension EntrySignal.State {
    /// Removes the waiters, in order of arrival.
    fileprivate mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        defer { self.waiters = [:] }
        return self.waiters.sorted { $0.key < $1.key }.map(\.value)
    }
}
