/// The errors of calls that are sent away, each made once: in an overload there are more of them than
/// of answers.
struct Refusals {
    /// Waits are rounded up to this, so that there are few of them.
    static let step = Duration.milliseconds(100)

    /// How many are kept.
    static let countMax = 100

    private var known: [Int64: RPCError] = [:]

    /// The error that says to come back after `wait`.
    mutating func refusal(retryAfter wait: Duration) -> RPCError {
        let step = Self.step.nanosecondsClamped
        let (whole, rest) = wait.nanosecondsClamped.quotientAndRemainder(dividingBy: step)
        let steps = whole + (rest > 0 ? 1 : 0)
        if let error = self.known[steps] { return error }
        let error = RPCError(
            .resourceExhausted,
            "too busy to answer in time; ask again",
            reason: ConcurrencyLimiter.reason,
            retryAfter: Self.step * Int(steps)
        )
        if self.known.count < Self.countMax { self.known[steps] = error }
        return error
    }
}
