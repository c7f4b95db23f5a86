import InMemoryTransport
import Synchronization

/// Links with a scripted verdict per leg that record all events.
final class ScriptedLinks: LinkModel {
    private let state = Mutex(State())

    private struct State {
        var verdicts: [Crossing.Leg: [Verdict]] = [:]
        var lasting: [Crossing.Leg: Verdict] = [:]
        var hooks: [Crossing.Leg: @Sendable () -> Void] = [:]
        var lostCount = 0
        var events: [CrossingEvent] = []
    }

    /// Gives the next crossings of `leg` one of `verdicts` each; later ones arrive at once.
    func next(_ leg: Crossing.Leg, _ verdicts: Verdict...) {
        self.state.withLock { $0.verdicts[leg, default: []] += verdicts }
    }

    /// Gives every crossing of `leg` the same verdict.
    func always(_ leg: Crossing.Leg, _ verdict: Verdict) {
        self.state.withLock { $0.lasting[leg] = verdict }
    }

    /// Calls `hook` when the next crossing of `leg` is decided.
    func before(_ leg: Crossing.Leg, _ hook: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.hooks[leg] = hook }
    }

    func verdict(on crossing: Crossing) -> Verdict {
        self.state.withLock { $0.hooks.removeValue(forKey: crossing.leg) }?()
        return self.state.withLock { state in
            if state.verdicts[crossing.leg]?.isEmpty == false {
                return state.verdicts[crossing.leg]?.removeFirst() ?? .lost
            }
            return state.lasting[crossing.leg] ?? .delivered()
        }
    }

    func happened(_ event: CrossingEvent) {
        self.state.withLock { state in
            state.events.append(event)
            state.lostCount += event.kind == .lost ? 1 : 0
        }
    }

    var lostCount: Int { self.state.withLock { $0.lostCount } }

    var events: [CrossingEvent] { self.state.withLock { $0.events } }

    /// The events so far, such as `request sent`.
    var log: [String] { self.events.map { "\($0.crossing.leg.rawValue) \($0.kind.rawValue)" } }

    /// The number of times that `line` is in the log.
    func count(_ line: String) -> Int { self.log.count { $0 == line } }
}
