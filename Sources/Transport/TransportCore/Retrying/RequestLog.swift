/// The messages sent on a stream, kept while a retry may have to send them again.
///
/// A replay must never block on an unread response. So the log holds no more than a new attempt
/// accepts before its server reads.
struct RequestLog {
    static let messagesMax = MessagePipe.capacity
    static let bytesMax = 64 * 1024

    private(set) var messages: [[UInt8]] = []
    private var byteCount = 0
    /// True when no further attempt will be made.
    private(set) var isCommitted = false
    var isFinished = false

    /// Keeps `message`; false when the log has been dropped or is now full.
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
