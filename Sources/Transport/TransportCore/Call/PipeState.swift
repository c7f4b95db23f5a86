/// What stands in a ``MessagePipe``: pure state, whose inputs hand back the continuations to resume.
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

    /// Queues `message`, or returns the reader that waits for it.
    mutating func push(_ message: [UInt8]) -> Reader? {
        guard self.end == nil else { return nil }
        if let reader = self.reader.take() { return reader }
        self.queue.append(message)
        return nil
    }

    /// Whether `message` was written: nil when there is no room now, false when there never will be.
    mutating func offer(_ message: [UInt8]) -> (written: Bool?, reader: Reader?) {
        if self.end != nil { return (false, nil) }
        guard self.hasRoom else { return (nil, nil) }
        return (true, self.push(message))
    }

    /// Answers a reader, or keeps it when there is nothing to say yet.
    ///
    /// One task reads at a time.
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

    /// Throws away what nobody has read, and with it an end that the reader has not come to.
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

    /// Keeps a writer that waits for room; false is "kept", true "there is room already".
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
