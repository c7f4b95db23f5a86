import Checkers
import SimulatedDrills

/// The results of a live run, for the oracles.
struct LiveFindings: Sendable {
    let events: [HistoryEvent]
    let metrics: [String: Int]
    /// Tries that clients made.
    let tries: Int
    let tallies: [FaultTally]
    let elapsed: Duration
    /// Why the system was not well in the end, with the last words of its processes.
    var failure: String?
}
