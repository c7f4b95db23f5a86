import Synchronization

/// Records events in order.
package final class Notes<Event: Sendable>: Sendable {
    private let state = Mutex<[Event]>([])

    package init() {}

    package var events: [Event] { self.state.withLock { $0 } }

    /// Records `event`; returns the number of events so far.
    @discardableResult
    package func note(_ event: Event) -> Int {
        self.state.withLock { events in
            events.append(event)
            return events.count
        }
    }
}
