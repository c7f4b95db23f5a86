import Testing

@testable import GRPCTransport

@Suite("An outbound body")
struct OutboundBodyTests {
    private let body = OutboundBody()

    @Test("messages are sent after their prefix, however small the frames")
    func frames() {
        self.body.append(message: [1, 2, 3])
        self.body.append(message: [])
        var sent: [UInt8] = []
        while self.body.count > 0 { sent += self.read(2) }
        #expect(sent == prefixed([1, 2, 3]) + prefixed([]))
    }

    @Test("large bodies stay whole while they shrink")
    func large() {
        let message = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        self.body.append(message: message)
        var sent = self.read(100_000)
        self.body.append(message: [9])
        while self.body.count > 0 { sent += self.read(16_384) }
        #expect(sent == prefixed(message) + prefixed([9]))
    }

    @Test("only the first ending counts")
    func endings() {
        #expect(!self.body.isEnded)
        self.body.end(.endStream)
        self.body.end(.trailers([:]))
        guard case .endStream = self.body.ending else { return #expect(Bool(false)) }
        #expect(self.body.isEnded)
    }

    @Test("discarded bytes are not sent")
    func discard() {
        self.body.append(message: [1, 2, 3])
        _ = self.read(2)
        self.body.discard()
        #expect(self.body.count == 0)
        #expect(self.read(10).isEmpty)
    }

    private func read(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = unsafe self.body.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
