import NIOCore
import NIOPosix
import Synchronization
import Telemetry

/// The lateness of each event loop with what is due.
///
/// A loop that is kept from its work, by too much of it, by a task that does not yield or by a
/// processor that others use, answers late, whatever else looks well. A probe on each loop is due
/// every 100 ms; one that is overdue says already that its loop is late.
final class LoopLag: Sendable {
    private static let interval = TimeAmount.milliseconds(100)

    private let loops: [LoopProbe]

    /// Measures the loops of `group` from now on.
    init(_ group: MultiThreadedEventLoopGroup) {
        self.loops = group.makeIterator().map(LoopProbe.init)
        for probe in self.loops { Self.measure(probe) }
    }

    /// The lag of the loop of this thread, or on average of all loops anywhere else.
    var now: Duration {
        let moment = NIODeadline.now()
        if let own = self.loops.first(where: { $0.loop.inEventLoop }) { return own.lag(at: moment) }
        let sum = self.loops.reduce(Duration.zero) { $0 + $1.lag(at: moment) }
        return sum / max(1, self.loops.count)
    }

    /// Shows the worst lag of each loop since the metrics were shown last.
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

/// The probe of one event loop.
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

    /// The lag of the last probe, or of the next one where that is overdue for longer.
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
