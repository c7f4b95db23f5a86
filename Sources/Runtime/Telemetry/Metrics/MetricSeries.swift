internal import CoreMetrics
import Synchronization

/// A monotonic counter.
package final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    /// Millionths, so that fractions are counted without a lock.
    private let millionths = Atomic<Int64>(0)

    package init() {}

    package var value: Double { Double(self.millionths.load(ordering: .relaxed)) / 1e6 }

    package func increment() { self.increment(by: Int64(1)) }

    package func increment(by amount: Int64) {
        let (product, overflow) = amount.multipliedReportingOverflow(by: 1_000_000)
        if !overflow, amount > 0 { self.millionths.wrappingAdd(product, ordering: .relaxed) }
    }

    package func increment(by amount: Double) {
        guard amount > 0, amount < 1e12 else { return }
        self.millionths.wrappingAdd(Int64(amount * 1e6), ordering: .relaxed)
    }

    /// Sets a count that is kept elsewhere.
    package func set(_ value: Double) {
        guard value >= 0, value < 9e12 else { return }
        self.millionths.store(Int64(value * 1e6), ordering: .relaxed)
    }

    package func reset() { self.millionths.store(0, ordering: .relaxed) }
}

/// A value that goes up and down.
package final class GaugeSeries: MeterHandler, RecorderHandler {
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    package init() {}

    package var value: Double { Double(bitPattern: self.bits.load(ordering: .relaxed)) }

    package func set(_ value: Int64) { self.set(Double(value)) }
    package func set(_ value: Double) { self.bits.store(value.bitPattern, ordering: .relaxed) }
    package func record(_ value: Int64) { self.set(Double(value)) }
    package func record(_ value: Double) { self.set(value) }
    package func increment(by amount: Double) { self.add(amount) }
    package func decrement(by amount: Double) { self.add(-amount) }

    private func add(_ amount: Double) {
        var seen = self.bits.load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: seen) + amount).bitPattern
            let (done, now) = self.bits.compareExchange(
                expected: seen,
                desired: next,
                ordering: .relaxed
            )
            if done { return }
            seen = now
        }
    }
}

/// The number of values in each bucket.
package final class HistogramSeries: RecorderHandler, TimerHandler {
    let bounds: [Double]
    private let state: Mutex<State>

    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    package init(_ bounds: [Double]) {
        self.bounds = bounds
        self.state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// The counts of the buckets, the unbounded one last, and the sum of all values.
    package var snapshot: (counts: [UInt64], sum: Double) {
        self.state.withLock { ($0.counts, $0.sum) }
    }

    package func record(_ value: Int64) { self.record(Double(value)) }

    package func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = self.bucket(of: value)
        self.state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Records a duration; the buckets must be in seconds.
    package func recordNanoseconds(_ duration: Int64) { self.record(Double(duration) / 1e9) }

    /// The first bucket whose upper bound is at least `value`.
    private func bucket(of value: Double) -> Int {
        var (low, high) = (0, self.bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if self.bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
