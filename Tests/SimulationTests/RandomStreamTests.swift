import Testing

@testable import Simulation

@Suite("Random streams")
struct RandomStreamTests {
    @Test("the generator gives the numbers of the reference implementation")
    func reference() {
        var stream = RandomStream(state: (1, 2, 3, 4))
        let numbers = (0..<10).map { _ in stream.next() }
        #expect(
            numbers == [
                11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
                607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
                10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
            ]
        )
    }

    @Test("SplitMix64 gives the numbers of the reference implementation")
    func filler() {
        var filler = SplitMix64(state: 1_234_567)
        let numbers = (0..<5).map { _ in filler.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test("names are hashed with FNV-1a")
    func names() {
        #expect("".fnv1a == 0xCBF2_9CE4_8422_2325)
        #expect("a".fnv1a == 0xAF63_DC4C_8601_EC8C)
        #expect("foobar".fnv1a == 0x8594_4171_F739_67E8)
    }

    @Test("the same seed and name give the same numbers, others give others")
    func streams() {
        func numbers(_ seed: UInt64, _ name: String) -> [UInt64] {
            var stream = RandomStream(seed: seed, name: name)
            return (0..<100).map { _ in stream.next() }
        }
        #expect(numbers(7, "schedule") == numbers(7, "schedule"))
        #expect(numbers(7, "schedule") != numbers(8, "schedule"))
        #expect(numbers(7, "schedule") != numbers(7, "link/payment->ledger"))
        #expect(numbers(0, "") != numbers(0, "a"))
    }

    @Test("a seed's first numbers never change, because scenarios are replayed by them")
    func pinned() {
        var stream = RandomStream(seed: 42, name: "schedule")
        #expect((0..<3).map { _ in stream.next() } == Self.pinnedNumbers)
    }

    private static let pinnedNumbers: [UInt64] = [
        11_181_763_613_667_542_605, 7_138_703_840_854_759_084, 9_938_378_471_197_592_284,
    ]

    @Test("draws cover a range evenly")
    func evenly() {
        var stream = RandomStream(seed: 1, name: "dice")
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[Int.random(in: 0..<6, using: &stream)] += 1 }
        #expect(counts.allSatisfy { (9_500...10_500).contains($0) })
    }
}
