import NIOCore
import NIOPosix
import Telemetry

/// Measures how late each event loop runs what is due: a loop that is kept from its work by a task
/// that does not yield answers late, whatever else looks well.
enum LoopLag {
    private static let interval = TimeAmount.milliseconds(500)

    /// Shows the worst lag of each loop of `group` since the metrics were shown last.
    static func show(in registry: MetricRegistry, _ group: MultiThreadedEventLoopGroup) {
        let loops = group.makeIterator().enumerated().map { index, loop in
            let lag = GaugeSeries()
            self.measure(on: loop, lag)
            return (name: "\(index)", lag: lag)
        }
        registry.beforeShowing { registry in
            for (name, lag) in loops {
                registry.gauge(MetricCatalogue.loopLag, name).set(lag.value)
                lag.set(0.0)
            }
        }
    }

    private static func measure(on loop: any EventLoop, _ lag: GaugeSeries) {
        let due = NIODeadline.now() + self.interval
        loop.scheduleTask(deadline: due) {
            let late = Double((NIODeadline.now() - due).nanoseconds) / 1e9
            lag.set(max(lag.value, late))
            self.measure(on: loop, lag)
        }
    }
}
