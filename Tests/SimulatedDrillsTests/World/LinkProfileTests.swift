import DrillEngine
import Scenarios
import Simulation
import TestSupport
import Testing

@testable import SimulatedDrills

@Suite("How a link behaves while nothing strikes it")
struct LinkProfileTests {
    private static let draws = 20_000

    private static func latency(_ shape: Latency.Shape) -> Latency {
        var latency = Latency()
        latency.shape = shape
        latency.min = .milliseconds(2)
        latency.mean = .milliseconds(10)
        latency.max = .milliseconds(60)
        return latency
    }

    /// In milliseconds.
    private static func drawn(_ shape: Latency.Shape) -> [Double] {
        var stream = RandomStream(seed: 1, name: "latency")
        let latency = Self.latency(shape)
        return (0..<Self.draws).map { _ in latency.draw(&stream) / .milliseconds(1) }
    }

    private static func profile(_ rules: [LinkRule]) -> LinkProfile {
        LinkProfile(from: Node("payment-1"), to: Node("ledger-1"), rules)
    }

    @Test("a constant latency is always its mean")
    func isConstant() {
        #expect(Self.drawn(.constant).allSatisfy { $0 == 10 })
    }

    @Test("a uniform latency lies between its bounds, and fills all between them")
    func isUniform() {
        let drawn = Self.drawn(.uniform)
        #expect(drawn.allSatisfy { (2..<60).contains($0) })
        #expect(drawn.mean.isNear(31, within: 0.02))
        #expect(drawn.count { $0 < 16.5 }.isNear(Self.draws / 4, within: 0.05))
    }

    @Test("an exponential latency has its mean and keeps its bounds")
    func isExponential() {
        let drawn = Self.drawn(.exponential)
        #expect(drawn.allSatisfy { (2...60).contains($0) })
        // The cut at the upper bound takes e^(-58/8), less than a thousandth.
        #expect(drawn.mean.isNear(10, within: 0.03))
        #expect(drawn.count { $0 > 10 }.isNear(Int(Double(Self.draws) * 0.3679), within: 0.05))
    }

    @Test("half of lognormal latencies are below the mean that is written, and all in bounds")
    func isLognormal() {
        let drawn = Self.drawn(.lognormal)
        #expect(drawn.allSatisfy { (2...60).contains($0) })
        #expect(drawn.count { $0 < 10 }.isNear(Self.draws / 2, within: 0.03))
        #expect(drawn.contains { $0 > 40 })
    }

    @Test("an exponential latency whose mean is its least never varies")
    func isNarrow() {
        var latency = Self.latency(.exponential)
        latency.mean = latency.min
        var stream = RandomStream(seed: 1, name: "latency")
        #expect((0..<100).allSatisfy { _ in latency.draw(&stream) == latency.min })
    }

    @Test("messages are lost, doubled and held back as often as their link says")
    func loses() {
        var rule = LinkRule()
        rule.latency = Self.latency(.constant)
        (rule.drop, rule.duplicate, rule.reorder) = (0.1, 0.2, 0.3)
        let profile = Self.profile([rule])
        var stream = RandomStream(seed: 1, name: "link")
        let passages = (0..<Self.draws).map { _ in profile.passage(&stream) }
        let kept = Int(Double(Self.draws) * 0.9)
        #expect(passages.count { $0.delays.isEmpty }.isNear(Self.draws / 10, within: 0.06))
        #expect(passages.count { $0.delays.count == 2 }.isNear(kept / 5, within: 0.06))
        let late = passages.count { $0.delays.first.map { $0 > .milliseconds(10) } ?? false }
        #expect(late.isNear(kept * 3 / 10, within: 0.06))
        #expect(passages.allSatisfy { $0.delays.allSatisfy { $0 <= .milliseconds(60) } })
    }

    @Test("a later rule says more, and what it leaves out stays as it was")
    func adds() {
        var all = LinkRule()
        all.drop = 0.5
        all.latency = Self.latency(.constant)
        var service = LinkRule(from: "payment", to: "ledger")
        service.drop = 0.1
        service.duplicate = 0.2
        var process = LinkRule(from: "payment-1", to: "ledger")
        process.duplicate = 0
        let profile = Self.profile([all, service, process])
        #expect(profile.drop == 0.1)
        #expect(profile.duplicate == 0)
        #expect(profile.latency == Self.latency(.constant))
    }

    @Test("a rule for another link, or for the way back, says nothing")
    func isOneWay() {
        var back = LinkRule(from: "ledger", to: "payment")
        back.drop = 1
        var other = LinkRule(from: "payment-2", to: "ledger")
        other.drop = 1
        #expect(Self.profile([back, other]).drop == 0)
    }
}
