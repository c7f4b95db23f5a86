/// How many calls to run at a time, learnt from how long they take.
///
/// While calls take about as long as the fastest of the last minute, the limit grows by half of its
/// root in each step; when they take longer, it shrinks in that proportion, by half at the most. What is
/// not used does not grow.
struct GradientLimit {
    /// A step ends with the first call after this long...
    static let step = Duration.milliseconds(100)
    /// ...once it has seen this many.
    static let samplesMin = 10
    /// How long the fastest call is remembered: one to two of these.
    static let memory = Duration.seconds(30)

    private let rules: LoadShedding
    private var exact: Double
    private var stepStart: Timeline.Instant?
    private var sum = 0.0
    private var samples = 0
    private var busiest = 0
    private var fastest = (now: Double.infinity, before: Double.infinity)
    private var memoryStart: Timeline.Instant?

    /// The mean time of a call in the last step; zero before the first.
    private(set) var meanTime = Duration.zero

    init(_ rules: LoadShedding) {
        self.rules = rules
        self.exact = Double(rules.initialLimit)
    }

    /// Calls at a time.
    var limit: Int { Int(self.exact) }

    /// A call took `time`; `inFlight` were running, itself included.
    mutating func observe(_ time: Duration, inFlight: Int, at now: Timeline.Instant) {
        let seconds = time / .seconds(1)
        self.remember(seconds, at: now)
        self.sum += seconds
        self.samples += 1
        self.busiest = max(self.busiest, inFlight)
        let start = self.stepStart ?? now
        self.stepStart = start
        guard self.samples >= Self.samplesMin, start.duration(to: now) >= Self.step else { return }
        self.endStep(at: now)
    }

    private mutating func endStep(at now: Timeline.Instant) {
        let mean = self.sum / Double(self.samples)
        self.meanTime = .seconds(mean)
        let wanted = min(self.fastest.now, self.fastest.before) * self.rules.tolerance
        let allowed = max(wanted, self.rules.patience / .seconds(1))
        let gradient = min(1, max(0.5, allowed / max(mean, 1e-9)))
        self.exact = min(
            Double(self.rules.limitMax),
            max(Double(self.rules.limitMin), self.next(gradient))
        )
        (self.sum, self.samples, self.busiest) = (0, 0, 0)
        self.stepStart = now
    }

    private func next(_ gradient: Double) -> Double {
        let root = self.exact.squareRoot()
        let next = self.exact * gradient + (gradient < 1 ? root : root / 2)
        let isUsed = self.busiest * 2 >= self.limit
        return isUsed ? next : min(self.exact, next)
    }

    private mutating func remember(_ seconds: Double, at now: Timeline.Instant) {
        let start = self.memoryStart ?? now
        self.memoryStart = start
        if start.duration(to: now) >= Self.memory {
            self.fastest = (.infinity, self.fastest.now)
            self.memoryStart = now
        }
        self.fastest.now = min(self.fastest.now, seconds)
    }
}
