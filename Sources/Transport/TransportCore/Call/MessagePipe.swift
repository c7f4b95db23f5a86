import Synchronization

/// A queue of messages from one writer to one reader, ended once.
///
/// A network transport calls ``push(_:)``, bounded by the flow-control window that it granted. The
/// in-memory transport calls ``send(_:)``, which waits while ``capacity`` messages are queued.
package final class MessagePipe: Sendable {
    /// The number of queued messages at which ``send(_:)`` starts to wait.
    package static let capacity = 16

    private let state = Mutex(PipeState())
    private let onTaken: @Sendable (Int) -> Void

    /// Creates a pipe that reports to `onTaken` the size in bytes of each message read.
    package init(onTaken: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.onTaken = onTaken
    }

    /// Appends a message; dropped once the pipe has ended.
    package func push(_ message: [UInt8]) {
        self.state.withLock { $0.push(message) }?.resume(returning: .success(message))
    }

    /// Ends the pipe: the reader takes what is queued, then sees `error`, or nil for a good end.
    package func finish(_ error: RPCError? = nil) {
        let (reader, writers) = self.state.withLock { $0.finish(error) }
        reader?.resume(returning: error.map { .failure($0) } ?? .success(nil))
        for writer in writers { writer.resume() }
    }

    /// Ends the pipe at once: discards unread messages, and the reader sees `error`.
    ///
    /// An earlier good end is discarded with the messages before it, so that a reader never takes a
    /// part for the whole.
    package func abandon(_ error: RPCError) {
        let (reader, writers) = self.state.withLock { state in
            state.discardUnread()
            return state.finish(error)
        }
        reader?.resume(returning: .failure(error))
        for writer in writers { writer.resume() }
    }

    /// Returns the next message, or nil after the last.
    ///
    /// - Throws: the error that ended the pipe; CANCELLED when the reading task is cancelled.
    package func next() async throws(RPCError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { self.read($0) }
        } onCancel: {
            let waiting = self.state.withLock { $0.removeReader() }
            waiting?.resume(returning: .failure(.readerCancelled))
        }
        let message = try result.get()
        if let message { self.onTaken(message.count) }
        return message
    }

    /// Appends a message, waiting for room.
    ///
    /// - Returns: false when the pipe has ended or the task is cancelled.
    package func send(_ message: [UInt8]) async -> Bool {
        while !Task.isCancelled {
            let (written, reader) = self.state.withLock { $0.offer(message) }
            reader?.resume(returning: .success(message))
            if let written { return written }
            await self.waitForRoom()
        }
        return false
    }

    private func read(_ continuation: PipeState.Reader) {
        let (answer, writer) = self.state.withLock {
            $0.take(continuation, cancelled: Task.isCancelled)
        }
        if let answer { continuation.resume(returning: answer) }
        writer?.resume()
    }

    private func waitForRoom() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if self.state.withLock({ $0.park(continuation) }) { continuation.resume() }
            }
        } onCancel: {
            for writer in self.state.withLock({ $0.releaseWriters() }) { writer.resume() }
        }
    }
}

extension RPCError {
    fileprivate static let readerCancelled = RPCError(.cancelled, "the call was cancelled")
}
