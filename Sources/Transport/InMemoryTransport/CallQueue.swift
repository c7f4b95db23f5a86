import Synchronization

/// The calls that wait until their server starts them, in order, for one task that reads.
final class CallQueue: Sendable {
    /// What became of a call that was offered.
    enum Admission {
        case queued
        case full
        case closed
    }

    private typealias Reader = CheckedContinuation<[any CarriedCall], Never>

    private let callsMax: Int
    private let state = Mutex(State())

    private struct State {
        var calls: [any CarriedCall] = []
        var reader: Reader?
        var isClosed = false
    }

    /// A queue in which at most `callsMax` wait.
    init(callsMax: Int) { self.callsMax = callsMax }

    /// Queues `call`, or hands it to the reader who waits.
    func offer(_ call: any CarriedCall) -> Admission {
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

    /// Takes no further calls; those that wait can still be read.
    func close() {
        let reader = self.state.withLock { state in
            state.isClosed = true
            return state.reader.take()
        }
        reader?.resume(returning: [])
    }

    /// Every call that waits, as soon as there is one; empty when none will come any more.
    ///
    /// Cancelling the task does not end the wait: closing does.
    func next() async -> [any CarriedCall] {
        await withCheckedContinuation { reader in
            let calls: [any CarriedCall]? = self.state.withLock { state in
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
