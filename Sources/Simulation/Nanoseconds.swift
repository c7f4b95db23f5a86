/// Conversions of virtual time: whole nanoseconds since the start of the run.
enum Nanoseconds {
    private static let perSecond: Int64 = 1_000_000_000
    private static let attoseconds: Int64 = 1_000_000_000

    /// The nanoseconds in a clock's duration, rounded up; zero if negative.
    static func of<D: DurationProtocol>(_ duration: D) -> UInt64 {
        guard let duration = duration as? Duration else {
            preconditionFailure("A clock of a simulation counts in Duration.")
        }
        return self.of(duration)
    }

    /// The nanoseconds in a duration, rounded up; zero if negative.
    static func of(_ duration: Duration) -> UInt64 {
        let (seconds, rest) = duration.components
        guard seconds >= 0, rest >= 0 else { return 0 }
        let part = (rest + Self.attoseconds - 1) / Self.attoseconds
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: Self.perSecond)
        return overflows ? UInt64(Int64.max) : UInt64(whole) + UInt64(part)
    }

    /// The duration of `count` nanoseconds.
    static func duration(_ count: UInt64) -> Duration { .nanoseconds(Int64(clamping: count)) }
}
