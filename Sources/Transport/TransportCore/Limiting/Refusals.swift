/// A cache of the errors of shed calls.
///
/// In an overload there are more refusals than answers.
struct Refusals {
    /// The unit to which waits are rounded up, to keep the number of errors small.
    static let step = Duration.milliseconds(100)

    /// The most errors in the cache.
    static let countMax = 100

    private var known: [Int64: RPCError] = [:]

    /// The error for a retry after `wait`.
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
