import Testing

@testable import GRPCTransport

@Suite("gzip of messages")
struct GzipTests {
    /// The text `florin ` forty times, compressed by another tool that writes a file name and a
    /// time into the header.
    private static let foreign: [UInt8] = [
        31, 139, 8, 8, 1, 0, 0, 0, 2, 255, 97, 46, 116, 120, 116, 0,
        75, 203, 201, 47, 202, 204, 83, 72, 27, 165, 80, 41, 0, 60, 156, 224,
        184, 24, 1, 0, 0,
    ]

    @Test(
        "compressed messages of any length are decompressed",
        arguments: [1_024, 1_025, 4_096, 32_768, 65_537, 1_048_576]
    )
    func roundTrip(count: Int) throws {
        let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let compressed = try #require(Gzip.compress(message))
        #expect(compressed.count <= count - count / 8)
        #expect(try Gzip.decompress(compressed, bytesMax: count) == message)
    }

    @Test("incompressible messages are not compressed")
    func incompressible() {
        #expect(Gzip.compress(noise(4_096)) == nil)
        #expect(Gzip.compress([]) == nil)
        #expect(Gzip.compress([1]) == nil)
    }

    @Test("the output of another compressor is decompressed")
    func foreign() throws {
        let text = Array(String(repeating: "florin ", count: 40).utf8)
        #expect(try Gzip.decompress(Self.foreign, bytesMax: 280) == text)
    }

    @Test("a message over the limit is refused before it is complete")
    func bomb() throws {
        let bomb = try #require(Gzip.compress([UInt8](repeating: 0, count: 1_048_576)))
        #expect(bomb.count < 8_192)
        #expect(throws: Gzip.Failure.tooLarge) {
            try Gzip.decompress(bomb, bytesMax: 1_048_575)
        }
    }

    @Test("every truncation is malformed, and so is an extra byte")
    func cuts() {
        for count in 0..<Self.foreign.count {
            let part = Array(Self.foreign.prefix(count))
            #expect(throws: Gzip.Failure.malformed) { try Gzip.decompress(part, bytesMax: 1_000) }
        }
        #expect(throws: Gzip.Failure.malformed) {
            try Gzip.decompress(Self.foreign + [0], bytesMax: 1_000)
        }
    }

    @Test("a flipped bit never gives another message")
    func bits() throws {
        let text = try Gzip.decompress(Self.foreign, bytesMax: 1_000)
        for bit in 0..<Self.foreign.count * 8 {
            var bytes = Self.foreign
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let read = try? Gzip.decompress(bytes, bytesMax: 1_000)
            #expect(read == nil || read == text, "bit \(bit)")
        }
    }
}

/// Incompressible bytes, the same each time.
func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 88_172_645_463_325_252
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state)
    }
}
