/// What the attempts of one call say together of whether it happened.
struct Certainty {
    /// Whether an attempt may have acted that nobody vouches for.
    private var isUncertain = false

    /// What is known after an attempt that ended with `error`: nothing vouches for an earlier one of
    /// which nobody knows what it did.
    mutating func known(after error: RPCError) -> RPCError {
        defer { self.isUncertain = self.isUncertain || !error.isVouchedFor }
        return self.told(error)
    }

    /// `error` without the word that nothing happened, where an earlier attempt may have acted.
    func told(_ error: RPCError) -> RPCError { self.isUncertain ? error.unvouched : error }
}
