import NIOCore
import Scenarios
import Simulation
import Synchronization

/// One direction of a link: what holds or delays the bytes that go this way.
final class OneWay: Sendable {
    private let state: Mutex<State>

    private struct State {
        var impairments: [Impairment] = []
        var stream: RandomStream
    }

    /// A direction in which nothing happens yet; `stream` draws chances and latencies.
    init(stream: RandomStream) { self.state = Mutex(State(stream: stream)) }

    /// Whether nothing may pass now.
    var isHeld: Bool {
        self.state.withLock { state in
            state.impairments.contains { if case .hold = $0.effect { true } else { false } }
        }
    }

    /// Replaces what impairs it.
    func impair(by impairments: [Impairment]) {
        self.state.withLock { $0.impairments = impairments }
    }

    /// How much longer the next chunk takes.
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

extension Latency {
    /// How long one chunk takes; a log-normal shape is drawn as an exponential one.
    fileprivate func draw(_ stream: inout RandomStream) -> Duration {
        switch self.shape {
        case .constant: return self.mean
        case .uniform: return self.min + (self.max - self.min) * stream.fraction()
        case .exponential, .lognormal:
            let rest = self.mean > self.min ? self.mean - self.min : .zero
            return Swift.min(self.min + rest * stream.exponential(), self.max)
        }
    }
}

extension RandomStream {
    /// A number from 0 up to, not including, 1.
    mutating func fraction() -> Double { Double(self.next() >> 11) * 0x1p-53 }

    /// A number from 0 up to, not including, `bound`, which is positive.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: self.next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Exponential with mean 1 (von Neumann, 1951).
    fileprivate mutating func exponential() -> Double {
        var whole = 0.0
        while whole < 64 {
            let first = self.fraction()
            var last = first
            var isOdd = true
            while true {
                let next = self.fraction()
                if next >= last { break }
                last = next
                isOdd.toggle()
            }
            if isOdd { return whole + first }
            whole += 1
        }
        return whole
    }
}
