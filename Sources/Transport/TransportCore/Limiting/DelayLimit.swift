/// The number of calls to run at a time, learnt from how long ready work waits in this process.
///
/// Only this process's own delay is evidence of overload; slow calls may just mean slow services
/// behind it. The limit starts at its maximum. After a step with too much delay it becomes the
/// concurrency of that step, reduced in proportion to the excess, by half at most. After any other
/// step in which half of it was used, it grows by a quarter.
struct DelayLimit {
    /// The shortest step; it ends with the next call...
    static let step = Duration.milliseconds(100)
    /// ...once it has this many samples.
    static let samplesMin = 10
    /// The growth of a used limit after a step without too much delay.
    static let growth = 1.25
    /// The smallest factor of a reduction.
    static let shrinkMax = 0.5

    private let rules: LoadShedding
    private var exact: Double
    private var step = Step()
    private var stepStart: Timeline.Instant?

    private struct Step {
        var delay = Duration.zero
        var samples = 0
        var busiest = 0
        var time = Duration.zero
        var timed = 0
    }

    /// The mean time of a call in the last step with a completed one; zero before the first.
    private(set) var meanTime = Duration.zero

    init(_ rules: LoadShedding) {
        self.rules = rules
        self.exact = Double(rules.limitMax)
    }

    /// The number of calls that may run at a time.
    var limit: Int { Int(self.exact) }

    /// Records the end of a call.
    ///
    /// - Parameters:
    ///   - time: The duration of the call; nil when its caller left, which is no evidence.
    ///   - delay: The current time that ready work waits in this process.
    ///   - inFlight: The number of running calls, this one included.
    ///   - now: The current time.
    mutating func observe(
        _ time: Duration?,
        delay: Duration,
        inFlight: Int,
        at now: Timeline.Instant
    ) {
        self.step.delay += delay
        self.step.samples += 1
        self.step.busiest = max(self.step.busiest, inFlight)
        if let time {
            self.step.time += time
            self.step.timed += 1
        }
        let start = self.stepStart ?? now
        self.stepStart = start
        let isLong = start.duration(to: now) >= Self.step
        guard self.step.samples >= Self.samplesMin, isLong else { return }
        self.exact = self.next(self.step)
        if self.step.timed > 0 { self.meanTime = self.step.time / self.step.timed }
        self.step = Step()
        self.stepStart = now
    }

    private func next(_ step: Step) -> Double {
        let mean = step.delay / step.samples
        let (least, most) = (Double(self.rules.limitMin), Double(self.rules.limitMax))
        if mean > self.rules.delayMax {
            let used = min(self.exact, Double(step.busiest))
            return max(least, used * max(Self.shrinkMax, self.rules.delayMax / mean))
        }
        let isUsed = step.busiest * 2 >= self.limit
        return isUsed ? min(most, self.exact * Self.growth) : self.exact
    }
}
