/// Decides how long a server that says nothing is waited for.
///
/// A slow server and a frozen one look alike, since the kernels of both answer. Proof that waiting
/// is in vain is another server of the same cluster that was promoted later and takes writes. The
/// servers are asked for it while the silence lasts; without it, a slow server has all its time.
struct SilenceWatch {
    enum Action: Hashable {
        /// Wait this long for the answer alone.
        case wait(milliseconds: Int)
        /// Wait this long for the answer, and ask the servers which of them leads.
        case search(milliseconds: Int)
        case giveUp
    }

    /// The longest silence in all.
    let patienceMilliseconds: Int
    /// The lineage of the server; nil where no other one can be known to have taken its place.
    let lineage: ServerLineage?

    /// Decides after a silence of `milliseconds`.
    func next(after milliseconds: Int) -> Action {
        let left = self.patienceMilliseconds - milliseconds
        guard left > 0 else { return .giveUp }
        guard self.lineage != nil else { return .wait(milliseconds: left) }
        let quiet = PostgreSQLLimits.quietMilliseconds - milliseconds
        return quiet > 0
            ? .wait(milliseconds: min(quiet, left)) : .search(milliseconds: left)
    }

    /// True when a server of `other`, which takes writes, has taken the place of the silent one.
    func isSucceeded(by other: ServerLineage?) -> Bool {
        guard let lineage, let other else { return false }
        return lineage.precedes(other)
    }
}
