import NIOCore
import NIOPosix
import Synchronization
import Telemetry

/// Measures the lag of each event loop.
///
/// Too much work, a task that does not yield, or other processes on the processor delay a loop. A
/// probe is scheduled on each loop every 100 ms; an overdue probe already counts as lag.
final class LoopLag: Sendable {
    private static let interval = TimeAmount.milliseconds(100)

    private let loops: [LoopProbe]

    /// Starts to measure the loops of `group`.
    init(_ group: MultiThreadedEventLoopGroup) {
        self.loops = group.makeIterator().map(LoopProbe.init)
        for probe in self.loops { Self.measure(probe) }
    }

    /// The lag of the current thread's loop or, on other threads, the average over all loops.
    var now: Duration {
        let moment = NIODeadline.now()
        if let own = self.loops.first(where: { $0.loop.inEventLoop }) { return own.lag(at: moment) }
        let sum = self.loops.reduce(Duration.zero) { $0 + $1.lag(at: moment) }
        return sum / max(1, self.loops.count)
    }

    /// Adds each loop's worst lag since the last scrape to the metrics.
    func show(in registry: MetricRegistry) {
        registry.beforeShowing { [loops = self.loops] registry in
            for (index, probe) in loops.enumerated() {
                let worst = probe.takeWorst() / .seconds(1)
                registry.gauge(MetricCatalogue.loopLag, "\(index)").set(worst)
            }
        }
    }

    private static func measure(_ probe: LoopProbe) {
        let due = NIODeadline.now() + self.interval
        probe.expect(at: due)
        probe.loop.scheduleTask(deadline: due) {
            probe.came(at: .now())
            self.measure(probe)
        }
    }
}

/// The probe of an event loop.
private final class LoopProbe: Sendable {
    private struct State {
        var due = NIODeadline.now()
        var last = Duration.zero
        var worst = Duration.zero
    }

    let loop: any EventLoop
    private let state = Mutex(State())

    init(_ loop: any EventLoop) { self.loop = loop }

    func expect(at due: NIODeadline) { self.state.withLock { $0.due = due } }

    func came(at now: NIODeadline) {
        self.state.withLock { state in
            state.last = .nanoseconds((now - state.due).nanoseconds)
            state.worst = max(state.worst, state.last)
        }
    }

    /// The lag of the last probe, or of the pending one if that is overdue by more.
    func lag(at now: NIODeadline) -> Duration {
        self.state.withLock { max($0.last, .nanoseconds((now - $0.due).nanoseconds)) }
    }

    func takeWorst() -> Duration {
        self.state.withLock { state in
            defer { state.worst = .zero }
            return state.worst
        }
    }
}
