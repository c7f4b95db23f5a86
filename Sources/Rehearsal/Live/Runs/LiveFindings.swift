import Checkers
import DrillEngine

/// The results of a live run, for the oracles.
struct LiveFindings: Sendable {
    /// The events of the run, with the entries of the journal among them.
    let events: [HistoryEvent]
    /// The number of events that found no room.
    var dropped = 0
    let metrics: [String: Int]
    let tallies: [FaultTally]
    let elapsed: Duration
    /// Why the system was not well in the end, with the last words of its processes.
    var failure: String?

    /// The tries that clients made.
    var tries: Int {
        self.events.count { if case .tried = $0.what { true } else { false } }
    }
}
