/// Draws the delay of each job.
struct JitterSource {
    private var stream: RandomStream
    private let threshold: UInt64
    private let longest: UInt64

    init(_ jitter: SimulationOptions.Jitter, stream: RandomStream) {
        precondition((0...1).contains(jitter.chance), "a chance lies between 0 and 1")
        self.stream = stream
        self.longest = Nanoseconds.of(jitter.longest)
        // 53 bits are exact in a Double.
        self.threshold = self.longest == 0 ? 0 : UInt64(jitter.chance * 0x1p53)
    }

    /// The delay in nanoseconds; zero for most jobs.
    mutating func next() -> UInt64 {
        guard self.threshold > 0, self.stream.next() >> 11 < self.threshold else { return 0 }
        return UInt64(self.stream.below(Int(self.longest)))
    }
}
