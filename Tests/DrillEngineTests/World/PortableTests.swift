import Simulation
import TestSupport
import Testing

@testable import DrillEngine

@Suite("Distributions that are the same on every machine")
struct PortableTests {
    private static let draws = 20_000

    private static func draw(_ one: (inout RandomStream) -> Double) -> [Double] {
        var stream = RandomStream(seed: 3, name: "portable")
        return (0..<Self.draws).map { _ in one(&stream) }
    }

    @Test("an exponential draw has mean 1 and deviation 1, and is never negative")
    func isExponential() {
        let drawn = Self.draw(Portable.exponential)
        #expect(drawn.allSatisfy { $0 >= 0 })
        #expect(drawn.mean.isNear(1, within: 0.03))
        let mean = drawn.mean
        #expect(drawn.map { ($0 - mean) * ($0 - mean) }.mean.isNear(1, within: 0.06))
        // The median is ln 2.
        #expect(drawn.count { $0 < 0.693_147 }.isNear(Self.draws / 2, within: 0.03))
    }

    @Test("a lognormal draw has median 1, and few are far out")
    func isLognormal() {
        let drawn = Self.draw(Portable.lognormal)
        #expect(drawn.allSatisfy { $0 > 0 })
        #expect(drawn.count { $0 < 1 }.isNear(Self.draws / 2, within: 0.03))
        // e to the power of 0.75² / 2.
        #expect(drawn.mean.isNear(1.3248, within: 0.03))
        #expect(drawn.count { $0 > 10 } < Self.draws / 400)
        #expect(drawn.contains { $0 > 6 })
    }

    @Test("a fraction lies from 0 up to 1, and a number below its bound")
    func isBelow() {
        var stream = RandomStream(seed: 3, name: "portable")
        let fractions = (0..<Self.draws).map { _ in stream.fraction() }
        #expect(fractions.allSatisfy { (0..<1).contains($0) })
        #expect(fractions.mean.isNear(0.5, within: 0.02))
        let numbers = (0..<Self.draws).map { _ in stream.below(7) }
        #expect(Set(numbers).sorted() == Array(0..<7))
        #expect(numbers.count { $0 == 6 }.isNear(Self.draws / 7, within: 0.06))
    }

    @Test("a chance of 0 never comes, one of 1 always does, and others as often as they say")
    func chances() {
        var stream = RandomStream(seed: 3, name: "portable")
        #expect((0..<1_000).allSatisfy { _ in !stream.chance(0) })
        #expect((0..<1_000).allSatisfy { _ in stream.chance(1) })
        let count = (0..<Self.draws).count { _ in stream.chance(0.25) }
        #expect(count.isNear(Self.draws / 4, within: 0.05))
    }
}
