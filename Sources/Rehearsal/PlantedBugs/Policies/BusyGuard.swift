import Synchronization
import TransportCore

/// A guard that sheds health checks when a service is busy.
final class BusyGuard: ServerPolicy {
    private static let callsMax = 5
    private static let window = Duration.milliseconds(100)

    private struct Count {
        var start = Timeline.Instant(nanoseconds: 0)
        var calls = 0
    }

    private let timeline: Timeline
    private let count = Mutex(Count())

    init(timeline: Timeline) { self.timeline = timeline }

    func admit(_ call: inout IncomingCall) throws(RPCError) {
        let now = self.timeline.now
        let isBusy = self.count.withLock { count in
            if count.start.duration(to: now) > Self.window { count = Count(start: now, calls: 0) }
            count.calls += 1
            return count.calls > Self.callsMax
        }
        guard isBusy, call.method.hasPrefix("grpc.health.") else { return }
        throw RPCError(.resourceExhausted, "too busy")
    }
}
