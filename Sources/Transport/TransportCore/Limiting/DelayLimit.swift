/// The calls to run at a time, learnt from the time that what is ready to run waits here.
///
/// Only a delay of this process is evidence of overload: how long calls take says how slow the
/// services behind are, and nothing of what this one can do. Without evidence the limit is the
/// highest. A step with too much delay shrinks what ran in it in that proportion, by half at the
/// most; a step without grows the limit by a quarter while it is used.
struct DelayLimit {
    /// A step ends with the first call after this long...
    static let step = Duration.milliseconds(100)
    /// ...once it has seen this many.
    static let samplesMin = 10
    /// The factor by which a step without too much delay grows a limit that is used.
    static let growth = 1.25
    /// The most that one step shrinks it.
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

    /// The mean time of a call in the last step that saw one end by itself; zero before the first.
    private(set) var meanTime = Duration.zero

    init(_ rules: LoadShedding) {
        self.rules = rules
        self.exact = Double(rules.limitMax)
    }

    /// Calls at a time.
    var limit: Int { Int(self.exact) }

    /// A call has ended while `inFlight` were running, itself included.
    ///
    /// - Parameters:
    ///   - time: How long it took; nil when its caller left, which says nothing of the next.
    ///   - delay: How long what is ready waits here now.
    ///   - inFlight: Calls that ran until now.
    ///   - now: This moment.
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
