import Synchronization
import TransportCore

/// Chooses among the hosts of one name.
final class HostRound: Sendable {
    private struct State {
        var balancer: AddressBalancer<String>
        var hosts: [String] = []
        var draws = 0
    }

    private let state: Mutex<State>

    init(_ config: ServiceConfig) {
        self.state = Mutex(State(balancer: AddressBalancer(config)))
    }

    /// Chooses the usable host for the next call; nil when there is none.
    func next(
        of hosts: [String],
        at now: Timeline.Instant,
        isUsable: (String) -> Bool
    ) -> String? {
        self.state.withLock { state in
            if state.hosts != hosts {
                state.hosts = hosts
                state.balancer.adopt(hosts)
            }
            var draws = state.draws
            let place = state.balancer.pick(at: now, draw: { Self.draw(&draws) }) { place in
                isUsable(hosts[place])
            }
            state.draws = draws
            guard let place else { return nil }
            state.balancer.started(place)
            return hosts[place]
        }
    }

    /// Records the end of a call to `host`.
    ///
    /// A refusal says that no server is there; the host's record then starts afresh for the next
    /// one.
    func ended(
        _ host: String,
        _ failure: AttemptFailure?,
        since start: Timeline.Instant,
        at now: Timeline.Instant
    ) {
        let isRefusal = failure?.isRefusal ?? false
        let outcome = isRefusal ? .neutral : AddressBalancer<String>.Outcome(failure?.error.code)
        self.state.withLock { state in
            state.balancer.ended(host, outcome, after: start.duration(to: now), at: now)
            if isRefusal { state.balancer.renewed(host) }
        }
    }

    /// Forgets the record of `host`, which serves again.
    func renewed(_ host: String) { self.state.withLock { $0.balancer.renewed(host) } }

    /// Returns multiples of the golden ratio modulo 1: even over 0..<1 and the same in every run.
    private static func draw(_ draws: inout Int) -> Double {
        draws += 1
        return (Double(draws) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
    }
}
