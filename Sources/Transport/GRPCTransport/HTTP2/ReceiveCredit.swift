/// The flow-control credit of one stream: it is withheld while the reader is behind.
struct ReceiveCredit {
    /// The weight of unread messages below which all credit is returned.
    static let unreadLowWater = 64 * 1024

    /// The most weight that may be unread beside one message.
    ///
    /// Flow control stops uncompressed data long before; compressed data can expand a thousandfold.
    static let unreadMax = 4 * 1024 * 1024

    /// The weight of an unread message beyond its bytes, so that a peer cannot queue empty ones
    /// without bound.
    static let messageOverhead = 32

    /// The weight of an unread message of `count` bytes.
    static func weight(of count: Int) -> Int { count + Self.messageOverhead }

    /// The received bytes whose credit is withheld.
    private var withheld = 0

    /// The weight of the unread messages.
    private var unread = 0

    /// Records `count` received bytes with messages of weight `queued`; returns the credit to give
    /// now.
    mutating func received(_ count: Int, queued: Int) -> Int {
        self.withheld += count
        self.unread += queued
        return self.due()
    }

    /// True when messages of weight `queued` exceed the bound, given the unread ones and the
    /// message limit.
    func isTooMuch(_ queued: Int, messageBytesMax: Int) -> Bool {
        self.unread + queued > messageBytesMax + Self.unreadMax
    }

    /// Records that a message of `count` bytes was read; returns the credit to give now.
    mutating func taken(_ count: Int) -> Int {
        self.unread -= Self.weight(of: count)
        return self.due()
    }

    /// Stops withholding credit, because the reader has left.
    mutating func readerLeft() { self.unread = 0 }

    private mutating func due() -> Int {
        guard self.unread < Self.unreadLowWater else { return 0 }
        defer { self.withheld = 0 }
        return self.withheld
    }
}
