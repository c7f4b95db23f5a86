package import Checkers
import Synchronization

/// Writes down what happens in a run, and lets the oracles see it at once.
package final class HistoryRecorder: Sendable {
    private let clock: any RunClock
    private let trace: @Sendable (HistoryEvent) -> Void
    private let state: Mutex<State>

    fileprivate struct State {
        var history: History
        var checkers: CheckerSuite
        var metrics = Metrics()
        var failure: String?
        var isClosed = false
    }

    /// A recorder whose oracles are `checkers`.
    ///
    /// `trace` takes each event before it is kept and judged, in their order.
    package init(
        _ clock: any RunClock,
        checkers: CheckerSuite = CheckerSuite([]),
        eventsMax: Int = History.eventsMaxDefault,
        trace: @escaping @Sendable (HistoryEvent) -> Void = { _ in }
    ) {
        self.clock = clock
        self.trace = trace
        self.state = Mutex(State(history: History(eventsMax: eventsMax), checkers: checkers))
    }

    /// `what` happens now.
    package func note(_ what: HistoryEvent.What) {
        self.state.withLock { state in
            // Under the lock, so that times rise as the events do.
            let event = HistoryEvent(at: self.clock.elapsed.wholeNanoseconds, what)
            state.metrics.observe(what)
            self.trace(event)
            // An event without room has a place after all that are kept, and before the next.
            let index =
                state.history.append(event)
                ?? state.history.eventsMax + state.history.dropped
            if !what.isUsual, !state.isClosed { state.checkers.observe(event, index: index) }
        }
    }

    /// The run itself cannot go on as it should; the first reason counts.
    package func fail(_ reason: String) {
        self.state.withLock { $0.failure = $0.failure ?? reason }
    }

    package var failure: String? { self.state.withLock { $0.failure } }

    /// The run is over for the oracles; what follows is only written down.
    package func close() { self.state.withLock { $0.isClosed = true } }

    /// Counts something that scenarios may ask for.
    package func count(_ metric: String) {
        self.state.withLock { $0.metrics.count(metric) }
    }

    package var metrics: [String: Int] { self.state.withLock { $0.metrics.counts } }

    package var history: History { self.state.withLock { $0.history } }

    /// The number of events that are kept so far.
    package var length: Int { self.state.withLock { $0.history.events.count } }

    /// The oracles' verdicts, now that the run is over.
    package func conclude() -> [OracleVerdict] {
        self.state.withLock { state in
            state.checkers.conclude().map { OracleVerdict(oracle: $0.name, verdict: $0.verdict) }
        }
    }
}

extension HistoryEvent.What {
    /// True when it is a message that comes as it was sent: most of a run, and nothing to judge.
    package var isUsual: Bool {
        guard case .linkMessage(let link) = self else { return false }
        return LinkEvent.isUsual(link.phase, link.fate)
    }
}

extension LinkEvent {
    /// True when a message with this fate comes as it was sent.
    package static func isUsual(_ phase: Phase, _ fate: Fate) -> Bool {
        phase != .cancellation && (fate == .sent || fate == .delivered)
    }
}
