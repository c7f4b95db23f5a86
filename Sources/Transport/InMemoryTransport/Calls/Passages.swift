import Synchronization

/// The sends that wait, at one end of a stream, for their message to arrive.
///
/// All are released when that end closes.
final class Passages: Sendable {
    /// A message in transit: true when it has arrived, false when its sender stops waiting.
    typealias Passage = Completion<Bool>

    private let state = Mutex(State())

    private struct State {
        var isClosed = false
        var open: [Passage] = []
    }

    /// Starts a passage with `start` and waits until it is settled or this end closes.
    ///
    /// - Returns: true when the message has arrived.
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

    /// Waits until this end closes or the task is cancelled.
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
