import Synchronization
import TransportCore

/// Wakes tasks of one host when others report something or when the host ends.
final class HostNews: Sendable {
    private let state = Mutex(State())

    private struct State {
        var number = 0
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    /// The number of events so far.
    var number: Int { self.state.withLock { $0.number } }

    /// Reports an event and wakes all waiting tasks.
    func tell() {
        let waiters = self.state.withLock { state in
            state.number += 1
            defer { state.waiters = [:] }
            return state.waiters.sorted { $0.key < $1.key }.map(\.value)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for an event after `number`, the deadline, or cancellation.
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
