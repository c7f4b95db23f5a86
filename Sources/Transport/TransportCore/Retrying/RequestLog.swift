/// What was sent on a stream, for as long as it may have to be sent again.
///
/// No more is kept than a new attempt takes before its server reads: who repeats it must not have to
/// wait for an answer that nobody reads.
struct RequestLog {
    static let messagesMax = MessagePipe.capacity
    static let bytesMax = 64 * 1024

    private(set) var messages: [[UInt8]] = []
    private var byteCount = 0
    /// Whether no further attempt will be made.
    private(set) var isCommitted = false
    var isFinished = false

    /// Keeps `message`; false when nothing is kept any more.
    mutating func append(_ message: [UInt8]) -> Bool {
        guard !self.isCommitted else { return false }
        self.byteCount += message.count
        guard self.messages.count < Self.messagesMax, self.byteCount <= Self.bytesMax else {
            self.commit()
            return false
        }
        self.messages.append(message)
        return true
    }

    mutating func commit() {
        self.isCommitted = true
        self.messages = []
    }
}
