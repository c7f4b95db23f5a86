import Synchronization

/// A change worth an operator's attention; each is reported once.
package enum ListenerNotice: Hashable, Sendable {
    /// All places are taken: for each newcomer a connection is closed.
    case full(connectionsMax: Int)

    /// There is room again, after `evicted` connections were closed for others.
    case roomAgain(evicted: Int)

    /// The system refuses to accept.
    case acceptFailed(String)

    /// Accepting works again after `failures` failures.
    case acceptsAgain(failures: Int)
}

/// Counts the events of listeners of one kind and reports changes.
package final class ListenerWatch: Sendable {
    private let openNow = Atomic<Int>(0)
    private let evictedSoFar = Atomic<Int>(0)
    private let failedSoFar = Atomic<Int>(0)
    private let bound = Atomic<Int>(0)
    private let notify: @Sendable (ListenerNotice) -> Void

    /// Creates a watch that calls `notify` on an event loop.
    package init(notify: @escaping @Sendable (ListenerNotice) -> Void = { _ in }) {
        self.notify = notify
    }

    /// The number of open connections.
    package var open: Int { self.openNow.load(ordering: .relaxed) }

    /// The most open connections, summed over all listeners.
    package var connectionsMax: Int { self.bound.load(ordering: .relaxed) }

    /// The number of connections asked to close for others.
    package var evicted: Int { self.evictedSoFar.load(ordering: .relaxed) }

    /// The number of failed `accept` calls.
    package var acceptFailures: Int { self.failedSoFar.load(ordering: .relaxed) }

    func began(connectionsMax: Int) { self.bound.add(connectionsMax, ordering: .relaxed) }
    func opened() { self.openNow.add(1, ordering: .relaxed) }
    func closed() { self.openNow.subtract(1, ordering: .relaxed) }
    func evictionBegan() { self.evictedSoFar.add(1, ordering: .relaxed) }
    func acceptFailed() { self.failedSoFar.add(1, ordering: .relaxed) }
    func tell(_ notice: ListenerNotice) { self.notify(notice) }
}
