import Synchronization

/// Holds tasks until it is opened, once.
package final class Gate: Sendable {
    private let state = Mutex(State())

    package init() {}

    private struct State {
        var isOpen = false
        var arrivals = 0
        var waiters: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func remove(_ number: Int) -> CheckedContinuation<Void, Never>? {
            guard let index = self.waiters.firstIndex(where: { $0.number == number }) else {
                return nil
            }
            return self.waiters.remove(at: index).continuation
        }
    }

    package var isOpen: Bool { self.state.withLock { $0.isOpen } }

    package func open() {
        let waiters = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Waits until the gate opens; throws `CancellationError` when the task is cancelled.
    package func wait() async throws {
        let number = self.nextNumber()
        await withTaskCancellationHandler {
            await withCheckedContinuation { self.park(number, $0, unless: Task.isCancelled) }
        } onCancel: {
            self.state.withLock { $0.remove(number) }?.resume()
        }
        try Task.checkCancellation()
    }

    /// Waits until the gate opens, even if the task is cancelled.
    package func hold() async {
        let number = self.nextNumber()
        await withCheckedContinuation { self.park(number, $0, unless: false) }
    }

    private func nextNumber() -> Int {
        self.state.withLock { state in
            state.arrivals += 1
            return state.arrivals
        }
    }

    private func park(
        _ number: Int,
        _ continuation: CheckedContinuation<Void, Never>,
        unless skip: @autoclosure () -> Bool
    ) {
        let waits = self.state.withLock { state in
            if state.isOpen || skip() { return false }
            state.waiters.append((number, continuation))
            return true
        }
        if !waits { continuation.resume() }
    }
}
