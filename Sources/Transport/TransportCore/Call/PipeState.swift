/// The state of a ``MessagePipe``; its methods return the continuations to resume.
struct PipeState {
    typealias Reader = CheckedContinuation<Result<[UInt8]?, RPCError>, Never>
    typealias Writer = CheckedContinuation<Void, Never>

    private var queue: [[UInt8]] = []
    private var head = 0
    private var reader: Reader?
    private var writers: [Writer] = []
    private var end: Result<[UInt8]?, RPCError>?

    private var count: Int { self.queue.count - self.head }
    private var hasRoom: Bool { self.end != nil || self.count < MessagePipe.capacity }

    /// Queues `message`, or returns the waiting reader, to which the caller hands it.
    mutating func push(_ message: [UInt8]) -> Reader? {
        guard self.end == nil else { return nil }
        if let reader = self.reader.take() { return reader }
        self.queue.append(message)
        return nil
    }

    /// Writes `message` if there is room.
    ///
    /// - Returns: as `written`, true when done, nil when there is no room yet, false when the pipe
    ///   has ended.
    mutating func offer(_ message: [UInt8]) -> (written: Bool?, reader: Reader?) {
        if self.end != nil { return (false, nil) }
        guard self.hasRoom else { return (nil, nil) }
        return (true, self.push(message))
    }

    /// Answers a reader with a message or the end, or keeps it until there is one.
    ///
    /// Only one task may read at a time; a second gets INTERNAL.
    mutating func take(
        _ reader: Reader,
        cancelled: Bool
    ) -> (answer: Result<[UInt8]?, RPCError>?, writer: Writer?) {
        if let message = self.popFirst() {
            return (.success(message), self.writers.isEmpty ? nil : self.writers.removeFirst())
        }
        if let end = self.end { return (end, nil) }
        if cancelled { return (.failure(RPCError(.cancelled, "the call was cancelled")), nil) }
        guard self.reader == nil else {
            return (.failure(RPCError(.internalError, "two tasks read one stream at once")), nil)
        }
        self.reader = reader
        return (nil, nil)
    }

    mutating func finish(_ error: RPCError?) -> (reader: Reader?, writers: [Writer]) {
        guard self.end == nil else { return (nil, []) }
        self.end = error.map { .failure($0) } ?? .success(nil)
        return (self.reader.take(), self.releaseWriters())
    }

    /// Discards unread messages, and with them an end that the reader has not reached.
    mutating func discardUnread() {
        guard self.count > 0 else { return }
        self.discardQueue()
        self.end = nil
    }

    private mutating func discardQueue() {
        self.queue.removeAll()
        self.head = 0
    }

    mutating func removeReader() -> Reader? { self.reader.take() }

    /// Keeps a writer until there is room.
    ///
    /// - Returns: true when the writer must resume at once: there is room, or its task is
    ///   cancelled.
    mutating func park(_ writer: Writer) -> Bool {
        if self.hasRoom || Task.isCancelled { return true }
        self.writers.append(writer)
        return false
    }

    mutating func releaseWriters() -> [Writer] {
        defer { self.writers.removeAll() }
        return self.writers
    }

    private mutating func popFirst() -> [UInt8]? {
        guard self.head < self.queue.count else { return nil }
        let message = self.queue[self.head]
        self.head += 1
        if self.head == self.queue.count {
            self.discardQueue()
        } else if self.head >= 64, self.head * 2 > self.queue.count {
            self.queue.removeFirst(self.head)
            self.head = 0
        }
        return message
    }
}
