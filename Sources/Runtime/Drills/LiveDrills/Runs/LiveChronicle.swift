import Histories
import Synchronization

/// Writes down what happens in a live run, in the order in which this process learns of it.
final class LiveChronicle: Sendable {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let state = Mutex(State())

    fileprivate struct State {
        var events: [HistoryEvent] = []
        var metrics: [String: Int] = [:]
    }

    /// A chronicle of a run that begins now.
    init() { self.start = self.clock.now }

    /// How long the run has lasted.
    var elapsed: Duration { self.start.duration(to: self.clock.now) }

    /// `what` happens now.
    func note(_ what: HistoryEvent.What) {
        self.state.withLock { state in
            // Under the lock, so that times rise as the events do.
            let elapsed = self.elapsed.components
            let at = elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000
            state.count(what)
            state.events.append(HistoryEvent(at: at, what))
        }
    }

    /// Counts something that scenarios may ask for.
    func count(_ metric: String) {
        self.state.withLock { $0.metrics[metric, default: 0] += 1 }
    }

    /// How many events there are so far.
    var length: Int { self.state.withLock { $0.events.count } }

    var events: [HistoryEvent] { self.state.withLock { $0.events } }

    var metrics: [String: Int] { self.state.withLock { $0.metrics } }
}

extension LiveChronicle.State {
    fileprivate mutating func count(_ what: HistoryEvent.What) {
        switch what {
        case .tried(_, let attempt, _):
            self.metrics["tried", default: 0] += 1
            if attempt > 1 { self.metrics["retried", default: 0] += 1 }
        case .returned(_, let outcome): self.count(outcome)
        case .process(_, .crashed): self.metrics["crashed", default: 0] += 1
        default: break
        }
    }

    private mutating func count(_ outcome: Outcome) {
        switch outcome {
        case .paid(_, _, _, isReplay: true), .refunded(_, _, _, _, isReplay: true):
            self.metrics["replayed", default: 0] += 1
        case .unknown: self.metrics["unknown_outcome", default: 0] += 1
        case .refused(let status, _) where status == 401 || status == 403:
            self.metrics["refused_token", default: 0] += 1
        case .refused(409, _): self.metrics["refund_refused", default: 0] += 1
        default: break
        }
    }
}
