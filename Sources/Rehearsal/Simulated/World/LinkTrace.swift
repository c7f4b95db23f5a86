import Checkers
import DrillEngine
import Simulation
import Synchronization

/// Counts the messages on links, and keeps those that someone will look at.
final class LinkTrace: Sendable {
    private let simulation: Simulation
    private let recorder: HistoryRecorder
    private let keepsAll: Bool
    private let sent = Mutex(0)

    /// A trace that leaves out what is usual, unless it keeps all.
    init(_ simulation: Simulation, _ recorder: HistoryRecorder, keepsAll: Bool) {
        self.simulation = simulation
        self.recorder = recorder
        self.keepsAll = keepsAll
    }

    /// Something happens to a message.
    func note(_ phase: LinkEvent.Phase, _ fate: LinkEvent.Fate, _ link: () -> LinkEvent) {
        if phase == .request, fate == .sent { self.sent.withLock { $0 += 1 } }
        if self.keepsAll || !LinkEvent.isUsual(phase, fate) {
            self.recorder.note(.linkMessage(link()))
        } else {
            self.simulation.note("\(HistoryEvent.What.linkMessage(link()))")
        }
    }

    /// The number of calls sent over links.
    var calls: Int { self.sent.withLock { $0 } }
}
