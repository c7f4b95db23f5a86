/// Tracks across the attempts of one call whether it may have taken effect.
struct Certainty {
    /// True when an attempt may have taken effect and no later answer can exclude that.
    private var isUncertain = false

    /// Records a failed attempt, and returns the error for the caller.
    ///
    /// An earlier attempt may still have taken effect; the error then loses its claim that nothing
    /// happened.
    mutating func known(after error: RPCError) -> RPCError {
        defer { self.isUncertain = self.isUncertain || !error.isVouchedFor }
        return self.told(error)
    }

    /// Removes from `error` the claim that nothing happened, if an earlier attempt may have taken
    /// effect.
    func told(_ error: RPCError) -> RPCError { self.isUncertain ? error.unvouched : error }
}
