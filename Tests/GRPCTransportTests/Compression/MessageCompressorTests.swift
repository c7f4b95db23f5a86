import NIOCore
import Testing

@testable import GRPCTransport

@Suite("The choice of messages to compress")
struct MessageCompressorTests {
    private static let text = [UInt8](repeating: 7, count: 2_000)
    private let far = try? SocketAddress(ipAddress: "10.0.0.7", port: 1)

    @Test("messages between the least and the greatest length are compressed")
    func lengths() throws {
        var compressor = try #require(MessageCompressor(Compression(), peer: self.far))
        let least = [UInt8](repeating: 7, count: 1_024)
        let greatest = [UInt8](repeating: 7, count: 1_024 * 1_024)
        let messages = [Array(least.dropLast()), least, greatest, greatest + [7]]
        let compressed = messages.map { compressor.compress($0, of: "a") != nil }
        #expect(compressed == [false, true, true, false])
    }

    @Test(
        "nothing is compressed on loopback, unless the rules say so",
        arguments: ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]
    )
    func loopback(address: String) throws {
        let peer = try SocketAddress(ipAddress: address, port: 1)
        #expect(MessageCompressor(Compression(), peer: peer) == nil)
        var rules = Compression()
        rules.onLoopback = true
        #expect(MessageCompressor(rules, peer: peer) != nil)
    }

    @Test("nothing is compressed without rules, nor for an unknown peer")
    func off() {
        #expect(MessageCompressor(nil, peer: self.far) == nil)
        #expect(MessageCompressor(Compression(), peer: nil) == nil)
    }

    @Test("a method whose messages do not shrink is tried less and less, until one shrinks")
    func gain() {
        var gain = CompressionGain()
        var tries: [Int] = []
        for number in 0..<64 where gain.shouldTry() {
            tries.append(number)
            gain.tried(hasShrunk: false)
        }
        #expect(tries == [0, 2, 5, 10, 19, 36])
        while !gain.shouldTry() {}
        gain.tried(hasShrunk: true)
        let isTriedAgain = gain.shouldTry()
        #expect(isTriedAgain)
    }

    @Test("each method is learnt separately")
    func methods() throws {
        var compressor = try #require(MessageCompressor(Compression(), peer: self.far))
        let sent = [(noise(2_000), "a"), (Self.text, "a"), (Self.text, "b"), (Self.text, "a")]
        let compressed = sent.map { compressor.compress($0, of: $1) != nil }
        #expect(compressed == [false, false, true, true])
    }

    @Test("a peer that invents methods cannot grow the table")
    func manyMethods() throws {
        var compressor = try #require(MessageCompressor(Compression(), peer: self.far))
        for number in 0..<10_000 { _ = compressor.compress(Self.text, of: "\(number)") }
        #expect(compressor.gains.count <= MessageCompressor.methodsMax + 1)
    }
}
