import InMemoryTransport
import Synchronization

/// Links with a scripted verdict per phase that record all events.
final class ScriptedLinks: LinkModel {
    private let state = Mutex(State())

    private struct State {
        var verdicts: [LinkMessage.Phase: [Verdict]] = [:]
        var lasting: [LinkMessage.Phase: Verdict] = [:]
        var hooks: [LinkMessage.Phase: @Sendable () -> Void] = [:]
        var lostCount = 0
        var events: [LinkMessageEvent] = []
    }

    /// Gives the next messages of `phase` one of `verdicts` each; later ones arrive at once.
    func next(_ phase: LinkMessage.Phase, _ verdicts: Verdict...) {
        self.state.withLock { $0.verdicts[phase, default: []] += verdicts }
    }

    /// Gives every message of `phase` the same verdict.
    func always(_ phase: LinkMessage.Phase, _ verdict: Verdict) {
        self.state.withLock { $0.lasting[phase] = verdict }
    }

    /// Calls `hook` when the next message of `phase` is decided.
    func before(_ phase: LinkMessage.Phase, _ hook: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.hooks[phase] = hook }
    }

    func verdict(on linkMessage: LinkMessage) -> Verdict {
        self.state.withLock { $0.hooks.removeValue(forKey: linkMessage.phase) }?()
        return self.state.withLock { state in
            if state.verdicts[linkMessage.phase]?.isEmpty == false {
                return state.verdicts[linkMessage.phase]?.removeFirst() ?? .lost
            }
            return state.lasting[linkMessage.phase] ?? .delivered()
        }
    }

    func happened(_ event: LinkMessageEvent) {
        self.state.withLock { state in
            state.events.append(event)
            state.lostCount += event.kind == .lost ? 1 : 0
        }
    }

    var lostCount: Int { self.state.withLock { $0.lostCount } }

    var events: [LinkMessageEvent] { self.state.withLock { $0.events } }

    /// The events so far, such as `request sent`.
    var log: [String] { self.events.map { "\($0.linkMessage.phase.rawValue) \($0.kind.rawValue)" } }

    /// The number of times that `line` is in the log.
    func count(_ line: String) -> Int { self.log.count { $0 == line } }
}
