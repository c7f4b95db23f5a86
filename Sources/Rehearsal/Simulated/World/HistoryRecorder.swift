import Checkers
import Simulation
import Synchronization

/// Writes down what happens in a run, and lets the oracles see it at once.
///
/// What is not usual goes into the hash of the run too, so that two runs with one hash did the same.
final class HistoryRecorder: Sendable {
    private let simulation: Simulation
    private let keepsLinks: Bool
    private let state: Mutex<State>

    fileprivate struct State {
        var history: History
        var checkers: CheckerSuite
        var metrics = Metrics()
        var calls = 0
        var failure: String?
        var isClosed = false
    }

    /// A recorder whose oracles are `checkers`; messages on links are kept only when somebody will
    /// look at them.
    init(
        _ simulation: Simulation,
        checkers: CheckerSuite,
        keepsLinks: Bool,
        eventsMax: Int = History.eventsMaxDefault
    ) {
        self.simulation = simulation
        self.keepsLinks = keepsLinks
        self.state = Mutex(State(history: History(eventsMax: eventsMax), checkers: checkers))
    }

    /// `what` happens now.
    func note(_ what: HistoryEvent.What) {
        let at = self.simulation.clock.now.sinceStart.wholeNanoseconds
        self.state.withLock { state in
            state.metrics.observe(what)
            self.simulation.note("\(what)")
            let isUsual = what.isUsual
            let event = HistoryEvent(at: at, what)
            if !isUsual { self.simulation.mix(event.hashValue) }
            // One that finds no room has a place after all that are kept, and before the next.
            let index =
                state.history.append(event)
                ?? state.history.eventsMax + state.history.dropped
            if !isUsual, !state.isClosed { state.checkers.observe(event, index: index) }
        }
    }

    /// Something happens to a message; what is usual is only counted, unless somebody will look at
    /// messages.
    func note(_ phase: LinkEvent.Phase, _ fate: LinkEvent.Fate, _ link: () -> LinkEvent) {
        if phase == .request, fate == .sent { self.state.withLock { $0.calls += 1 } }
        if self.keepsLinks || !LinkEvent.isUsual(phase, fate) {
            self.note(.linkMessage(link()))
        } else {
            self.simulation.note("\(HistoryEvent.What.linkMessage(link()))")
        }
    }

    /// The rehearsal itself cannot go on as it should; the first reason counts.
    func fail(_ reason: String) {
        self.state.withLock { $0.failure = $0.failure ?? reason }
    }

    var failure: String? { self.state.withLock { $0.failure } }

    /// The run is over for the oracles; what follows is only written down.
    func close() { self.state.withLock { $0.isClosed = true } }

    /// Counts something that scenarios may ask for.
    func count(_ metric: String) {
        self.state.withLock { $0.metrics.count(metric) }
    }

    var metrics: [String: Int] { self.state.withLock { $0.metrics.counts } }

    /// The number of calls sent over links.
    var calls: Int { self.state.withLock { $0.calls } }

    var history: History { self.state.withLock { $0.history } }

    /// The oracles' verdicts, now that the run is over.
    func conclude() -> [OracleVerdict] {
        self.state.withLock { state in
            state.checkers.conclude().map { OracleVerdict(oracle: $0.name, verdict: $0.verdict) }
        }
    }
}

extension HistoryEvent.What {
    /// True when it is a message that comes as it was sent: most of a run, and nothing to judge.
    fileprivate var isUsual: Bool {
        guard case .linkMessage(let link) = self else { return false }
        return LinkEvent.isUsual(link.phase, link.fate)
    }
}

extension LinkEvent {
    fileprivate static func isUsual(_ phase: Phase, _ fate: Fate) -> Bool {
        phase != .cancellation && (fate == .sent || fate == .delivered)
    }
}

extension Duration {
    /// In nanoseconds; a run is far shorter than what 64 bits of them can say.
    var wholeNanoseconds: Int64 {
        self.components.seconds * 1_000_000_000 + self.components.attoseconds / 1_000_000_000
    }
}
