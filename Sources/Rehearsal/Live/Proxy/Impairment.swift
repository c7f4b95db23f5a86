import Scenarios
import Synchronization

/// The effect of a fault, or of the link itself, on bytes that go one way.
final class Impairment: Sendable {
    enum Effect: Sendable {
        /// Every chunk takes that much longer.
        case delay(Duration)
        /// Every chunk takes as long as this says.
        case latency(Latency)
        /// Nothing goes on as long as it lasts.
        case hold
    }

    let effect: Effect
    /// The chance that it strikes a chunk.
    private let chance: Double
    private let left: Mutex<Int?>
    private let onEffect: @Sendable () -> Void

    /// An impairment that strikes at most `times` chunks; nil: without bound.
    ///
    /// `onEffect` is called for every chunk that it strikes, on an event loop.
    init(
        _ effect: Effect,
        chance: Double = 1,
        times: Int? = nil,
        onEffect: @escaping @Sendable () -> Void = {}
    ) {
        self.effect = effect
        self.chance = chance
        self.left = Mutex(times)
        self.onEffect = onEffect
    }

    /// True when it strikes the next chunk, for which `draw` was drawn from 0..<1.
    func strikes(_ draw: Double) -> Bool {
        guard draw < self.chance else { return false }
        let isFree = self.left.withLock { left in
            guard let count = left else { return true }
            left = max(0, count - 1)
            return count > 0
        }
        if isFree { self.onEffect() }
        return isFree
    }
}
