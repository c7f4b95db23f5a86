import Synchronization
import TransportCore

/// Wakes those who wait on one host for something new of others, or for its own end.
final class HostNews: Sendable {
    private let state = Mutex(State())

    private struct State {
        var number = 0
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    /// How much news there was.
    var number: Int { self.state.withLock { $0.number } }

    /// Something is new.
    func tell() {
        let waiters = self.state.withLock { state in
            state.number += 1
            defer { state.waiters = [:] }
            return state.waiters.sorted { $0.key < $1.key }.map(\.value)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until there was more news than `number`, the deadline has come, or the task is
    /// cancelled.
    func wait(after number: Int, by deadline: Timeline.Instant?, on timeline: Timeline) async {
        await withTaskGroup { group in
            group.addTask { await self.wait(after: number) }
            if let deadline { group.addTask { try? await timeline.sleep(until: deadline) } }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(after number: Int) async {
        let waiter = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { self.park($0, waiter, after: number) }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
        }
    }

    private func park(
        _ continuation: CheckedContinuation<Void, Never>,
        _ waiter: Int,
        after number: Int
    ) {
        let waits = self.state.withLock { state in
            guard state.number == number, !Task.isCancelled else { return false }
            state.waiters[waiter] = continuation
            return true
        }
        if !waits { continuation.resume() }
    }
}
