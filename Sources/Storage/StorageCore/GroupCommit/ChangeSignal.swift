import Waiting

/// Wakes tasks that wait for new entries.
final class ChangeSignal: Sendable {
    private let state = Awaited(State())

    private struct State {
        var count: UInt64 = 0
        var isReleased = false
        var wakings = 0
    }

    /// Wakes waiters because the journal has at least `count` entries.
    func announce(_ count: UInt64) { self.state.withLock { $0.count = max($0.count, count) } }

    /// Wakes all waiters.
    func wakeAll() { self.state.withLock { $0.wakings += 1 } }

    /// Wakes all waiters, now and in future.
    func release() { self.state.withLock { $0.isReleased = true } }

    /// Suspends until more than `sequence` entries exist, all are woken, or the task is cancelled.
    func wait(after sequence: UInt64) async {
        let wakings = self.state.withLock { $0.wakings }
        await self.state.wait {
            $0.count > sequence || $0.isReleased || $0.wakings != wakings
        }
    }
}
