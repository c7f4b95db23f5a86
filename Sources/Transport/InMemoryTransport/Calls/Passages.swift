import Synchronization

/// Who waits, at one end of a stream, for a message to cross; all are let go when that end is over.
final class Passages: Sendable {
    /// One message on its way: true when it has arrived, false when its sender stops waiting.
    typealias Passage = Completion<Bool>

    private let state = Mutex(State())

    private struct State {
        var isClosed = false
        var open: [Passage] = []
    }

    /// Starts a passage by `start`, and waits until it is settled, or the end is over.
    ///
    /// - Returns: false when it has not arrived.
    func pass(_ start: (Passage) -> Void) async -> Bool {
        let passage = Passage()
        let isClosed = self.state.withLock { state in
            if !state.isClosed { state.open.append(passage) }
            return state.isClosed
        }
        if isClosed { return false }
        start(passage)
        let hasArrived = await withTaskCancellationHandler {
            await passage.value
        } onCancel: {
            passage.settle(false)
        }
        self.state.withLock { $0.open.removeAll { $0 === passage } }
        return hasArrived
    }

    /// Waits until the end is over, or the task is cancelled.
    func stall() async { _ = await self.pass { _ in } }

    func close() {
        let open = self.state.withLock { state in
            state.isClosed = true
            defer { state.open.removeAll() }
            return state.open
        }
        for passage in open { passage.settle(false) }
    }
}
