import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Splitting DATA into messages")
final class MessageDeframerTests {
    private var deframer = MessageDeframer(messageBytesMax: 100, sender: "caller")

    @Test("many messages come out of one piece")
    func many() throws {
        let bytes = prefixed([1, 2, 3]) + prefixed([]) + prefixed([4])
        #expect(try self.messages(bytes) == [[1, 2, 3], [], [4]])
        #expect(!self.deframer.isInsideMessage)
    }

    @Test("a message comes out of single bytes")
    func bytewise() throws {
        var messages: [[UInt8]] = []
        for byte in prefixed([1, 2, 3]) + prefixed([]) { messages += try self.messages([byte]) }
        #expect(messages == [[1, 2, 3], []])
    }

    @Test("an empty piece gives no message and changes nothing")
    func empty() throws {
        #expect(try self.messages([]).isEmpty)
        #expect(!self.deframer.isInsideMessage)
        #expect(try self.messages([0, 0]).isEmpty)
        #expect(try self.messages([]).isEmpty)
        #expect(self.deframer.isInsideMessage)
    }

    @Test("two messages come out the same, wherever they are cut", arguments: 0...21)
    func everyCut(at cut: Int) throws {
        let bytes = prefixed([1, 2, 3, 4, 5, 6]) + prefixed([7, 8, 9, 10, 11])
        let first = try self.messages(Array(bytes.prefix(cut)))
        let isWhole = cut == 0 || cut == 11 || cut == 21
        #expect(self.deframer.isInsideMessage == !isWhole)
        let second = try self.messages(Array(bytes.dropFirst(cut)))
        #expect(first + second == [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11]])
    }

    @Test("a surplus message is refused by its prefix, before it is read or decompressed")
    func surplus() throws {
        let surplus = RPCError(.unimplemented, "one is enough")
        self.deframer = MessageDeframer(messageBytesMax: 100, sender: "caller", surplus: surplus)
        #expect(try self.messages(prefixed([1])) == [[1]])
        let error = #expect(throws: RPCError.self) { try self.messages([1, 0, 0, 0, 50]) }
        #expect(error?.message == "one is enough")
    }

    @Test("the limit applies to the prefix alone")
    func limit() throws {
        #expect(try self.messages(prefixed([UInt8](repeating: 1, count: 100))).count == 1)
        let error = #expect(throws: RPCError.self) { try self.messages([0, 0, 0, 0, 101]) }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.message.contains("101") == true)
    }

    @Test("the largest possible length is a message over the limit")
    func largestLength() {
        let error = #expect(throws: RPCError.self) { try self.messages([0, 255, 255, 255, 255]) }
        #expect(error?.code == .resourceExhausted)
    }

    @Test("a compressed flag is INTERNAL, whatever the length", arguments: [1, 2, 255] as [UInt8])
    func compressed(flag: UInt8) {
        let error = #expect(throws: RPCError.self) {
            try self.messages([flag, 255, 255, 255, 255])
        }
        #expect(error?.code == .internalError)
    }

    @Test("under gzip a message is compressed or not, as its flag says")
    func gzip() throws {
        self.deframer.encoding = .gzip
        let message = [UInt8](repeating: 7, count: 100)
        let compressed = try #require(Gzip.compress(message))
        let bytes = prefixed(compressed, flag: 1) + prefixed([1])
        #expect(try self.messages(bytes) == [message, [1]])
    }

    @Test("the limit applies to the decompressed message")
    func gzipLimit() throws {
        self.deframer.encoding = .gzip
        let compressed = try #require(Gzip.compress([UInt8](repeating: 7, count: 101)))
        let error = #expect(throws: RPCError.self) {
            try self.messages(prefixed(compressed, flag: 1))
        }
        #expect(error?.code == .resourceExhausted)
    }

    private func messages(_ bytes: [UInt8]) throws -> [[UInt8]] {
        var rest = bytes[...]
        var messages: [[UInt8]] = []
        while let message = try self.deframer.next(&rest) { messages.append(message) }
        #expect(rest.isEmpty)
        return messages
    }
}
