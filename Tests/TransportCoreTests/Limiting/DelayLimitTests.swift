import Testing

@testable import TransportCore

@Suite("The limit learnt from the delay of ready work")
struct DelayLimitTests {
    @Test(
        "slow calls never shrink it without a local delay",
        arguments: [1, 50, 200, 60_000]
    )
    func slowCalls(_ milliseconds: Int) {
        var traffic = Traffic()
        for _ in 0..<100 { traffic.step(.milliseconds(milliseconds), delay: .zero, inFlight: 400) }
        #expect(traffic.limit == 4_096)
    }

    @Test("calls whose callers left change neither the limit nor the mean time")
    func cancelled() {
        var traffic = Traffic()
        traffic.step(.milliseconds(20), delay: .zero, inFlight: 100)
        for _ in 0..<100 { traffic.step(nil, delay: .zero, inFlight: 100) }
        #expect(traffic.limit == 4_096)
        #expect(abs(traffic.meanTime - 20) < 0.001)
    }

    @Test("an allowed delay never shrinks it")
    func allowed() {
        var traffic = Traffic()
        for _ in 0..<50 {
            traffic.step(.milliseconds(5), delay: .milliseconds(50), inFlight: 1_000)
        }
        #expect(traffic.limit == 4_096)
    }

    @Test("too much delay shrinks the used concurrency in proportion, by half at most")
    func shrinks() {
        for (delay, limit) in [(51, 392), (100, 200), (400, 200), (60_000, 200)] {
            var traffic = Traffic()
            traffic.step(.milliseconds(5), delay: .milliseconds(delay), inFlight: 400)
            #expect(traffic.limit == limit)
        }
    }

    @Test("it never falls below its minimum, whatever comes")
    func minimum() {
        var traffic = Traffic()
        for _ in 0..<50 {
            traffic.step(.seconds(2), delay: .seconds(2), inFlight: traffic.limit)
            #expect(traffic.limit >= 16)
        }
        #expect(traffic.limit == 16)
    }

    @Test("without delay it grows by a quarter a step while half of it is used, to its maximum")
    func grows() {
        var traffic = Traffic()
        traffic.step(.milliseconds(5), delay: .seconds(1), inFlight: 200)
        #expect(traffic.limit == 100)
        traffic.step(.milliseconds(5), delay: .zero, inFlight: 49)
        #expect(traffic.limit == 100)
        traffic.step(.milliseconds(5), delay: .zero, inFlight: 50)
        #expect(traffic.limit == 125)
        for _ in 0..<17 { traffic.step(.seconds(1), delay: .zero, inFlight: traffic.limit) }
        #expect(traffic.limit == 4_096)
    }

    @Test("a step takes ten calls and a tenth of a second")
    func steps() {
        var few = DelayLimit(LoadShedding())
        for second in Int64(0)..<9 { few.observe(at: .at(second * 1_000)) }
        #expect(few.limit == 4_096)
        few.observe(at: .at(9_000))
        #expect(few.limit == 128)
        var many = DelayLimit(LoadShedding())
        for _ in 0..<1_000 { many.observe(at: .at(0)) }
        many.observe(at: .at(99))
        #expect(many.limit == 4_096)
        many.observe(at: .at(100))
        #expect(many.limit == 128)
    }

    @Test("the mean time is that of the last step, and zero before the first")
    func meanTime() {
        var traffic = Traffic()
        #expect(traffic.meanTime == 0)
        traffic.step(.milliseconds(20), delay: .zero, inFlight: 1)
        #expect(abs(traffic.meanTime - 20) < 0.001)
        traffic.step(.milliseconds(40), delay: .zero, inFlight: 1)
        #expect(abs(traffic.meanTime - 40) < 0.001)
    }
}

extension DelayLimit {
    /// Ends one of 256 calls, with a delay of one second.
    fileprivate mutating func observe(at now: Timeline.Instant) {
        self.observe(.milliseconds(5), delay: .seconds(1), inFlight: 256, at: now)
    }
}

/// Uniform calls, step by step.
private struct Traffic {
    private var learnt = DelayLimit(LoadShedding())
    private var start: Int64 = 0

    var limit: Int { self.learnt.limit }

    /// The mean time in milliseconds.
    var meanTime: Double { self.learnt.meanTime / .milliseconds(1) }

    /// Ends eleven calls within a tenth of a second; the last one ends the step.
    mutating func step(_ time: Duration?, delay: Duration, inFlight: Int) {
        for number in Int64(0)...10 {
            let now = Timeline.Instant.at(self.start + number * 10)
            self.learnt.observe(time, delay: delay, inFlight: inFlight, at: now)
        }
        self.start += 101
    }
}
