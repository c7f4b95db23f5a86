import Histories
import Simulation
import Synchronization

/// Writes down what happens in a run, and lets the oracles see it at once.
final class Chronicle: Sendable {
    private let clock: VirtualClock
    private let keepsLinks: Bool
    private let state: Mutex<State>

    fileprivate struct State {
        var history = History()
        var jury: Jury
        var metrics: [String: Int] = [:]
        var calls = 0
        var failure: String?
        var isClosed = false
    }

    /// A chronicle whose oracles are `jury`; messages on links are kept only when somebody will
    /// look at them.
    init(clock: VirtualClock, jury: Jury, keepsLinks: Bool) {
        self.clock = clock
        self.keepsLinks = keepsLinks
        self.state = Mutex(State(jury: jury))
    }

    /// `what` happens now.
    func note(_ what: HistoryEvent.What) {
        let at = self.clock.now.sinceStart.wholeNanoseconds
        self.state.withLock { state in
            state.count(what)
            let isUsual = what.isUsual
            if isUsual, !self.keepsLinks { return }
            let event = HistoryEvent(at: at, what)
            let index = state.history.append(event) ?? state.history.events.count
            if !isUsual, !state.isClosed { state.jury.observe(event, index: index) }
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
        self.state.withLock { $0.metrics[metric, default: 0] += 1 }
    }

    var metrics: [String: Int] { self.state.withLock { $0.metrics } }

    /// How many calls were sent over links.
    var calls: Int { self.state.withLock { $0.calls } }

    var history: History { self.state.withLock { $0.history } }

    /// What the oracles say, now that the run is over.
    func conclude() -> [OracleVerdict] {
        self.state.withLock { state in
            state.jury.conclude().map { OracleVerdict(oracle: $0.name, verdict: $0.verdict) }
        }
    }
}

extension HistoryEvent.What {
    /// Whether it is a message that comes as it was sent: most of a run, and nothing to judge.
    fileprivate var isUsual: Bool {
        guard case .crossing(let link) = self, link.leg != .cancellation else { return false }
        return link.fate == .sent || link.fate == .delivered
    }
}

extension Chronicle.State {
    fileprivate mutating func count(_ what: HistoryEvent.What) {
        switch what {
        case .crossing(let link):
            if link.leg == .request, link.fate == .sent { self.calls += 1 }
        case .tried(_, let attempt, _) where attempt > 1: self.metrics["retried", default: 0] += 1
        case .returned(_, let outcome): self.count(outcome)
        case .committed: self.metrics["committed", default: 0] += 1
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
        case .refused(404, _): self.metrics["not_found", default: 0] += 1
        case .refused(409, _): self.metrics["refund_refused", default: 0] += 1
        case .refused(422, _): self.metrics["key_reused", default: 0] += 1
        default: break
        }
    }
}

extension Duration {
    /// In nanoseconds; a run is far shorter than what 64 bits of them can say.
    var wholeNanoseconds: Int64 {
        self.components.seconds * 1_000_000_000 + self.components.attoseconds / 1_000_000_000
    }
}
