import Testing

@testable import TransportCore

@Suite("The limit that is learnt from how long calls take")
struct GradientLimitTests {
    @Test("it begins as the rules say, and grows while calls are fast and it is used")
    func grows() {
        var traffic = Traffic()
        #expect(traffic.limit == 256)
        for _ in 0..<20 {
            let before = Double(traffic.limit)
            traffic.step(.milliseconds(5), inFlight: traffic.limit)
            #expect(Double(traffic.limit) > before)
            #expect(Double(traffic.limit) <= before + before.squareRoot() + 1)
        }
    }

    @Test("half of it in use is use enough, less is not")
    func use() {
        var used = Traffic()
        used.step(.milliseconds(5), inFlight: 128)
        #expect(used.limit > 256)
        var idle = Traffic()
        for _ in 0..<100 { idle.step(.milliseconds(5), inFlight: 127) }
        #expect(idle.limit == 256)
    }

    @Test(
        "slow calls shrink it, by half less its root in one step at the most",
        arguments: [60, 80, 120, 500, 60_000]
    )
    func shrinks(_ milliseconds: Int) {
        var traffic = Traffic()
        traffic.step(.milliseconds(1), inFlight: 1)
        #expect(traffic.limit == 256)
        traffic.step(.milliseconds(milliseconds), inFlight: 256)
        #expect(traffic.limit < 256)
        #expect(traffic.limit >= 256 / 2 + 16)
    }

    @Test("it shrinks in the proportion in which calls are too slow, plus its root")
    func proportion() {
        var traffic = Traffic()
        traffic.step(.milliseconds(30), inFlight: 1)
        traffic.step(.milliseconds(80), inFlight: 256)
        // Twice the fastest is 60 ms, three quarters of 80 ms: 192, and 16 for the queue.
        #expect((207...209).contains(traffic.limit))
    }

    @Test("it never falls below its minimum, whatever comes")
    func minimum() {
        var traffic = Traffic()
        traffic.step(.milliseconds(1), inFlight: 1)
        for _ in 0..<50 {
            traffic.step(.seconds(2), inFlight: traffic.limit)
            #expect(traffic.limit >= 16)
        }
        #expect(traffic.limit == 16)
    }

    @Test("it never grows beyond its maximum, and reaches it")
    func maximum() {
        var rules = LoadShedding()
        rules.limitMax = 300
        var traffic = Traffic(rules)
        for _ in 0..<50 {
            traffic.step(.milliseconds(1), inFlight: traffic.limit)
            #expect(traffic.limit <= 300)
        }
        #expect(traffic.limit == 300)
    }

    @Test("calls within the patience of the rules never shrink it, however fast others were")
    func patience() {
        var traffic = Traffic()
        traffic.step(.microseconds(100), inFlight: 1)
        for _ in 0..<50 {
            let before = traffic.limit
            traffic.step(.milliseconds(49), inFlight: 1)
            #expect(traffic.limit == before)
            traffic.step(.milliseconds(49), inFlight: traffic.limit)
            #expect(traffic.limit > before)
        }
    }

    @Test("what is not used does not grow, not even while calls are a little slow")
    func unusedAndSlow() {
        var traffic = Traffic()
        traffic.step(.milliseconds(1), inFlight: 1)
        for _ in 0..<50 {
            traffic.step(.milliseconds(51), inFlight: 1)
            #expect(traffic.limit <= 256)
        }
    }

    @Test("how fast calls once were is forgotten after a minute at the most")
    func memory() {
        var traffic = Traffic()
        traffic.step(.milliseconds(30), inFlight: 1)
        for _ in 0..<100 { traffic.step(.milliseconds(100), inFlight: traffic.limit) }
        #expect(traffic.limit == 16)
        for _ in 0..<600 { traffic.step(.milliseconds(100), inFlight: traffic.limit) }
        #expect(traffic.limit > 16)
    }

    @Test("a step takes ten calls and a tenth of a second")
    func steps() {
        var few = GradientLimit(LoadShedding())
        for second in Int64(0)..<9 {
            few.observe(.milliseconds(5), inFlight: 256, at: .at(second * 1_000))
        }
        #expect(few.limit == 256)
        few.observe(.milliseconds(5), inFlight: 256, at: .at(9_000))
        #expect(few.limit > 256)
        var many = GradientLimit(LoadShedding())
        for _ in 0..<1_000 { many.observe(.milliseconds(5), inFlight: 256, at: .at(0)) }
        many.observe(.milliseconds(5), inFlight: 256, at: .at(99))
        #expect(many.limit == 256)
        many.observe(.milliseconds(5), inFlight: 256, at: .at(100))
        #expect(many.limit > 256)
    }

    @Test("the mean time is that of the last step, and zero before the first")
    func meanTime() {
        var traffic = Traffic()
        #expect(traffic.meanTime == 0)
        traffic.step(.milliseconds(20), inFlight: 1)
        #expect(abs(traffic.meanTime - 20) < 0.001)
        traffic.step(.milliseconds(40), inFlight: 1)
        #expect(abs(traffic.meanTime - 40) < 0.001)
    }
}

/// Calls that all take the same time, one step of the limit after the other.
private struct Traffic {
    private var gradient: GradientLimit
    private var start: Int64 = 0

    init(_ rules: LoadShedding = LoadShedding()) { self.gradient = GradientLimit(rules) }

    var limit: Int { self.gradient.limit }

    /// In milliseconds.
    var meanTime: Double { self.gradient.meanTime / .milliseconds(1) }

    /// Eleven calls within a tenth of a second, the last of which ends the step.
    mutating func step(_ time: Duration, inFlight: Int) {
        for number in Int64(0)...10 {
            self.gradient.observe(time, inFlight: inFlight, at: .at(self.start + number * 10))
        }
        self.start += 100
    }
}
