import Synchronization

/// The calls that wait for their server to start them, in order, with a single reader.
final class CallQueue: Sendable {
    /// The result of offering a call.
    enum Admission {
        case queued
        case full
        case closed
    }

    private typealias Reader = CheckedContinuation<[any ServedCall], Never>

    private let callsMax: Int
    private let state = Mutex(State())

    private struct State {
        var calls: [any ServedCall] = []
        var reader: Reader?
        var isClosed = false
    }

    /// Creates a queue for at most `callsMax` calls.
    init(callsMax: Int) { self.callsMax = callsMax }

    /// Queues `call`, or hands it to the waiting reader.
    func offer(_ call: any ServedCall) -> Admission {
        let (admission, reader): (Admission, Reader?) = self.state.withLock { state in
            if state.isClosed { return (.closed, nil) }
            if let reader = state.reader.take() { return (.queued, reader) }
            guard state.calls.count < self.callsMax else { return (.full, nil) }
            state.calls.append(call)
            return (.queued, nil)
        }
        reader?.resume(returning: [call])
        return admission
    }

    /// Refuses further calls; queued ones can still be read.
    func close() {
        let reader = self.state.withLock { state in
            state.isClosed = true
            return state.reader.take()
        }
        reader?.resume(returning: [])
    }

    /// Waits for calls and takes all that are queued; empty once the queue is closed and drained.
    ///
    /// Cancelling the task does not end the wait; closing the queue does.
    func next() async -> [any ServedCall] {
        await withCheckedContinuation { reader in
            let calls: [any ServedCall]? = self.state.withLock { state in
                if state.calls.isEmpty, !state.isClosed {
                    state.reader = reader
                    return nil
                }
                defer { state.calls = [] }
                return state.calls
            }
            if let calls { reader.resume(returning: calls) }
        }
    }
}
