import Scenarios

/// Code of ours that a scenario calls by its name, with `step:`.
///
/// A step acts on the system or looks at it, in the middle of a run. What it sees and does is in the
/// history like everything else, so that the oracles judge it.
struct Step: Sendable {
    let name: String

    /// The work of the step; it ends soon after its task is cancelled.
    let run: @Sendable (SimulatedWorld) async -> Result

    enum Result: Hashable, Sendable {
        case done
        /// Something stood in its way, such as a fault: nothing was shown.
        case prevented
        /// The step saw what must not be.
        case wrong(String)
    }

    /// Every step there is, in the order of their names.
    static let all = [checkBalances, payCanary, restartEverything]

    /// The step that a scenario calls `name`.
    static func named(_ name: String) -> Step? { self.all.first { $0.name == name } }
}
