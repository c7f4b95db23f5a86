/// How much of what a peer has sent it may send again: credit is held back while the reader is
/// behind.
struct ReceiveCredit {
    /// While less than this stands unread, everything is given back.
    static let unreadLowWater = 64 * 1024

    /// The most that may stand unread beside one message.
    ///
    /// The windows hold back what is sent as it is long before; what is sent compressed can stand
    /// for a thousand times as much.
    static let unreadMax = 4 * 1024 * 1024

    /// What an unread message costs beside its bytes, so that a peer cannot queue empty ones for
    /// ever.
    static let messageOverhead = 32

    /// What an unread message of `count` bytes counts.
    static func weight(of count: Int) -> Int { count + Self.messageOverhead }

    /// Received bytes whose credit the peer has not got back.
    private var withheld = 0

    /// The weight of the messages that nobody has read.
    private var unread = 0

    /// Bytes came, with them messages of weight `queued`; returns the credit to give back now.
    mutating func received(_ count: Int, queued: Int) -> Int {
        self.withheld += count
        self.unread += queued
        return self.due()
    }

    /// Whether messages of weight `queued` are too much beside what stands unread, where one may
    /// have `messageBytesMax`.
    func isTooMuch(_ queued: Int, messageBytesMax: Int) -> Bool {
        self.unread + queued > messageBytesMax + Self.unreadMax
    }

    /// A message of `count` bytes was read; returns the credit to give back now.
    mutating func taken(_ count: Int) -> Int {
        self.unread -= Self.weight(of: count)
        return self.due()
    }

    /// Nobody will read what is left: whatever comes is given back.
    mutating func readerLeft() { self.unread = 0 }

    private mutating func due() -> Int {
        guard self.unread < Self.unreadLowWater else { return 0 }
        defer { self.withheld = 0 }
        return self.withheld
    }
}
