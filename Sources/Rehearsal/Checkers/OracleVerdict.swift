/// A named oracle's verdict on a run.
package struct OracleVerdict: Hashable, Sendable {
    /// The oracle's name in scenario files, such as `conservation`.
    package let oracle: String
    package let verdict: Verdict

    /// The verdict of the oracle called `oracle`.
    package init(oracle: String, verdict: Verdict) {
        self.oracle = oracle
        self.verdict = verdict
    }

    package var isBroken: Bool { if case .fail(_) = self.verdict { true } else { false } }
}
