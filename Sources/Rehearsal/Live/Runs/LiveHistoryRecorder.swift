import Checkers
import SimulatedDrills
import Synchronization

/// Writes down what happens in a live run, in the order in which this process learns of it.
final class LiveHistoryRecorder: Sendable {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let state = Mutex(State())

    private struct State {
        var events: [HistoryEvent] = []
        var metrics = Metrics()
        var tries = 0
    }

    /// A recorder of a run that begins now.
    init() { self.start = self.clock.now }

    /// The time since the run began.
    var elapsed: Duration { self.start.duration(to: self.clock.now) }

    /// `what` happens now.
    func note(_ what: HistoryEvent.What) {
        self.state.withLock { state in
            // Under the lock, so that times rise as the events do.
            let elapsed = self.elapsed.components
            let at = elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000
            state.metrics.observe(what)
            if case .tried = what { state.tries += 1 }
            state.events.append(HistoryEvent(at: at, what))
        }
    }

    /// Counts something that scenarios may ask for.
    func count(_ metric: String) {
        self.state.withLock { $0.metrics.count(metric) }
    }

    /// The number of events so far.
    var length: Int { self.state.withLock { $0.events.count } }

    var events: [HistoryEvent] { self.state.withLock { $0.events } }

    var metrics: [String: Int] { self.state.withLock { $0.metrics.counts } }

    /// Tries that clients have made.
    var tries: Int { self.state.withLock { $0.tries } }
}
