import Testing

@testable import GRPCTransport

@Suite("Credit for received bytes")
final class ReceiveCreditTests {
    private var credit = ReceiveCredit()

    @Test("credit for bytes that need no reader returns at once")
    func atOnce() {
        #expect(self.credit.received(1_000_000, queued: 0) == 1_000_000)
    }

    @Test("a slow reader withholds credit, and returns it when it has caught up")
    func behind() {
        let size = ReceiveCredit.unreadLowWater
        #expect(self.credit.received(size + 5, queued: ReceiveCredit.weight(of: size)) == 0)
        #expect(self.credit.received(100, queued: 0) == 0)
        #expect(self.credit.taken(size) == size + 105)
        #expect(self.credit.received(7, queued: 0) == 7)
    }

    @Test("empty messages withhold credit, too")
    func emptyMessages() {
        var given = 0
        for _ in 0..<100_000 {
            given += self.credit.received(5, queued: ReceiveCredit.weight(of: 0))
        }
        #expect(given < ReceiveCredit.unreadLowWater)
        for _ in 0..<100_000 { given += self.credit.taken(0) }
        #expect(given == 500_000)
    }

    @Test("unread messages are bounded, beside one message of any size")
    func unreadMax() {
        let bound = 1_000 + ReceiveCredit.unreadMax
        #expect(!self.credit.isTooMuch(bound, messageBytesMax: 1_000))
        #expect(self.credit.isTooMuch(bound + 1, messageBytesMax: 1_000))
        _ = self.credit.received(10, queued: bound)
        #expect(self.credit.isTooMuch(1, messageBytesMax: 1_000))
        _ = self.credit.taken(bound - ReceiveCredit.messageOverhead)
        #expect(!self.credit.isTooMuch(1, messageBytesMax: 1_000))
    }

    @Test("withheld credit returns with the next bytes after the reader has left")
    func readerLeft() {
        #expect(self.credit.received(100_000, queued: 100_000) == 0)
        self.credit.readerLeft()
        #expect(self.credit.received(1, queued: 0) == 100_001)
    }
}
