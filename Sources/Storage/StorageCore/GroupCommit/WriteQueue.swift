import Domain
import Synchronization

/// A queued write with the continuation of its caller.
enum WaitingWrite {
    case capture(Capture, CheckedContinuation<Result<CaptureOutcome, JournalError>, Never>)
    case refund(RefundDraft, CheckedContinuation<Result<RefundOutcome, JournalError>, Never>)
    /// Writes nothing, and waits for a commit, after which everything before it is durable.
    case confirmation(CheckedContinuation<Result<Void, JournalError>, Never>)

    /// The write to decide on; nil for a confirmation.
    var write: JournalWrite? {
        switch self {
        case .capture(let capture, _): .capture(capture)
        case .refund(let draft, _): .refund(draft)
        case .confirmation: nil
        }
    }

    /// Resumes the caller after a commit; `next` returns the result of ``write``.
    func answer(_ next: () -> Result<JournalVerdict, JournalError>?) {
        switch (self, self.write.flatMap { _ in next() }) {
        case (.confirmation(let waiting), _): waiting.resume(returning: .success(()))
        case (.capture(_, let waiting), .success(.capture(let outcome))):
            waiting.resume(returning: .success(outcome))
        case (.refund(_, let waiting), .success(.refund(let outcome))):
            waiting.resume(returning: .success(outcome))
        case (_, .failure(let error)): self.fail(error)
        case (_, .success), (_, nil):
            preconditionFailure("An engine answers a capture as one, and a refund as one.")
        }
    }

    func fail(_ error: JournalError) {
        switch self {
        case .capture(_, let waiting): waiting.resume(returning: .failure(error))
        case .refund(_, let waiting): waiting.resume(returning: .failure(error))
        case .confirmation(let waiting): waiting.resume(returning: .failure(error))
        }
    }
}

/// The writes that wait for the next commit, taken in batches by a single writer.
///
/// Writes that arrive during a commit form the next batch: the slower the device, the larger the
/// batch, without a timer.
final class WriteQueue: Sendable {
    private let state = Mutex(State())

    private struct State {
        var waiting: [WaitingWrite] = []
        var isOpen = false
        var writer: CheckedContinuation<Void, Never>?
        var isProbeDue = false
    }

    private enum Admission {
        case admitted(CheckedContinuation<Void, Never>?)
        case refused(JournalError)
    }

    /// Enqueues a write and wakes an idle writer.
    ///
    /// Fails the write as `unavailable` if the queue is closed and as `overloaded` at `waitingMax`.
    func add(_ write: WaitingWrite, waitingMax: Int) {
        let admission: Admission = self.state.withLock { state in
            guard state.isOpen else { return .refused(.unavailable) }
            guard state.waiting.count < waitingMax else { return .refused(.overloaded) }
            state.waiting.append(write)
            return .admitted(state.writer.take())
        }
        switch admission {
        case .admitted(let writer): writer?.resume()
        case .refused(let error): write.fail(error)
        }
    }

    /// Removes the oldest writes, at most `limit`; waits for the first.
    ///
    /// Returns an empty batch when no write waits and the task is cancelled or a probe is due.
    func next(_ limit: Int) async -> [WaitingWrite] {
        while true {
            let batch = self.take(limit)
            if !batch.isEmpty || Task.isCancelled || self.takeProbe() { return batch }
            await withTaskCancellationHandler {
                await withCheckedContinuation { self.park($0) }
            } onCancel: {
                self.wake()
            }
        }
    }

    /// Makes a waiting ``next(_:)`` return.
    func probe() {
        let writer = self.state.withLock { state in
            state.isProbeDue = true
            return state.writer.take()
        }
        writer?.resume()
    }

    private func takeProbe() -> Bool {
        self.state.withLock { state in
            defer { state.isProbeDue = false }
            return state.isProbeDue
        }
    }

    /// Starts to accept writes.
    func open() { self.state.withLock { $0.isOpen = true } }

    /// Stops accepting writes; queued ones are still taken.
    func close() { self.state.withLock { $0.isOpen = false } }

    /// Fails all queued writes.
    func fail(_ error: JournalError) {
        let failed = self.state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for write in failed { write.fail(error) }
    }

    private func take(_ limit: Int) -> [WaitingWrite] {
        self.state.withLock { state in
            let batch = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }

    private func park(_ writer: CheckedContinuation<Void, Never>) {
        let isIdle = self.state.withLock { state in
            guard state.waiting.isEmpty, !state.isProbeDue, !Task.isCancelled else {
                return false
            }
            state.writer = writer
            return true
        }
        if !isIdle { writer.resume() }
    }

    private func wake() { self.state.withLock { $0.writer.take() }?.resume() }
}
