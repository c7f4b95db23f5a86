import TransportCore
import Waiting

/// Wakes tasks of one host when others report something or when the host ends.
final class ChangeSignal: Sendable {
    private let events = Awaited(0)

    /// The number of events so far.
    var number: Int { self.events.withLock { $0 } }

    /// Reports an event and wakes all waiting tasks.
    func tell() { self.events.withLock { $0 += 1 } }

    /// Waits for an event after `number`, the deadline, or cancellation.
    func wait(after number: Int, by deadline: Timeline.Instant?, on timeline: Timeline) async {
        await withTaskGroup { group in
            group.addTask { await self.events.wait { $0 != number } }
            if let deadline { group.addTask { try? await timeline.sleep(until: deadline) } }
            await group.next()
            group.cancelAll()
        }
    }
}
