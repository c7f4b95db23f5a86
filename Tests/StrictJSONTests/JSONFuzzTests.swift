import StrictJSON
import Testing

@Suite("hostile JSON")
struct JSONFuzzTests {
    private let seedText = #"""
        {"iss":"florin","aud":["a","b"],"exp":1700000000.5e-3,"x":{"y":[true,false,null,-0]},
        "\ud83d\ude00":"\u0000é\n","n":[[[[]]]],"z":""}
        """#
    private let letters = Array("{}[]\",:\\u0e-+.d8".utf8)

    @Test(
        "no mutated text traps, and accepted ones are written and read back the same",
        arguments: 1...8 as ClosedRange<UInt64>
    )
    func survivesMutations(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for _ in 0..<2_000 {
            var bytes = Array(seedText.utf8)
            for _ in 0..<random.next(upTo: 5) + 1 { mutate(&bytes, &random) }
            try expectRoundTrip(bytes)
        }
    }

    @Test("no truncated text traps or is accepted")
    func refusesEveryPrefix() {
        let bytes = Array(seedText.utf8)
        for count in bytes.indices {
            #expect(throws: JSONError.self) {
                try JSONReader.read(Array(bytes[..<count]), limits: JSONLimits(bytesMax: 4096))
            }
        }
    }

    private func expectRoundTrip(_ bytes: [UInt8]) throws {
        let limits = JSONLimits(bytesMax: 4096)
        do {
            let value = try JSONReader.read(bytes, limits: limits)
            #expect(try JSONReader.read(JSONWriter.write(value), limits: limits) == value)
        } catch {
            #expect((0...bytes.count).contains(error.offset))
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        let place = random.next(upTo: bytes.count)
        switch random.next(upTo: 5) {
        case 0: bytes[place] ^= 1 << UInt8(random.next(upTo: 8))
        case 1: bytes[place] = UInt8(random.next(upTo: 256))
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(letters[random.next(upTo: letters.count)], at: place)
        default: bytes.insert(contentsOf: bytes[place...].prefix(8), at: place)
        }
    }
}

/// The generator of Steele, Lea and Flood; the same seed gives the same texts.
private struct SplitMix {
    var state: UInt64

    mutating func next(upTo bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
