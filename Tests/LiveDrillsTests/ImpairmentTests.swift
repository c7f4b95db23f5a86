import Scenarios
import Simulation
import Synchronization
import Testing

@testable import LiveDrills

@Suite("An impairment")
struct ImpairmentTests {
    @Test("an impairment with a bound strikes that often, and tells of each time")
    func boundIsKept() {
        let count = Mutex(0)
        let impairment = Impairment(.hold, times: 2, onEffect: { count.withLock { $0 += 1 } })
        let strikes = (0..<4).map { _ in impairment.strikes(0.5) }
        #expect(strikes == [true, true, false, false])
        #expect(count.withLock { $0 } == 2)
    }

    @Test("a chance spares what was drawn above it")
    func chanceSpares() {
        let impairment = Impairment(.delay(.seconds(1)), chance: 0.3)
        #expect(impairment.strikes(0.29))
        #expect(!impairment.strikes(0.3))
    }

    @Test("delays add up, and a hold is no delay")
    func delaysAddUp() {
        let way = OneWay(stream: RandomStream(seed: 1, name: "test"))
        way.impair(by: [
            Impairment(.delay(.milliseconds(10))), Impairment(.hold),
            Impairment(.delay(.milliseconds(5))),
        ])
        #expect(way.delayOfNextChunk() == .milliseconds(15))
        #expect(way.isHeld)
        way.impair(by: [])
        #expect(way.delayOfNextChunk() == .zero)
        #expect(!way.isHeld)
    }

    @Test("latencies stay within their bounds", arguments: Latency.Shape.allCases)
    func latencyBounds(shape: Latency.Shape) {
        var latency = Latency()
        latency.shape = shape
        latency.min = .milliseconds(2)
        latency.mean = .milliseconds(4)
        latency.max = .milliseconds(9)
        let way = OneWay(stream: RandomStream(seed: 1, name: "test"))
        way.impair(by: [Impairment(.latency(latency))])
        let delays = (0..<200).map { _ in way.delayOfNextChunk() }
        #expect(delays.allSatisfy { $0 >= latency.min && $0 <= latency.max })
        #expect((Set(delays).count == 1) == (shape == .constant))
    }
}
