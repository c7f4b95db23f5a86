import DrillEngine
import NIOCore
import Scenarios
import Simulation
import Synchronization

/// A direction of a link: it holds or delays the bytes that go this way.
final class OneWay: Sendable {
    private let state: Mutex<State>

    private struct State {
        var impairments: [Impairment] = []
        var stream: RandomStream
    }

    /// A direction in which nothing happens yet; `stream` draws chances and latencies.
    init(stream: RandomStream) { self.state = Mutex(State(stream: stream)) }

    /// True when nothing may pass now.
    var isHeld: Bool {
        self.state.withLock { state in
            state.impairments.contains { if case .hold = $0.effect { true } else { false } }
        }
    }

    /// Replaces what impairs it.
    func impair(by impairments: [Impairment]) {
        self.state.withLock { $0.impairments = impairments }
    }

    /// The added delay of the next chunk.
    func delayOfNextChunk() -> Duration {
        self.state.withLock { state in
            var delay = Duration.zero
            for impairment in state.impairments where impairment.strikes(state.stream.fraction()) {
                switch impairment.effect {
                case .delay(let extra): delay += extra
                case .latency(let latency): delay += latency.draw(&state.stream)
                case .hold: break
                }
            }
            return delay
        }
    }
}
