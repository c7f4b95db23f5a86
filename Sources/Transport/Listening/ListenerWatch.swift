import Synchronization

/// A change that an operator wants to know of; each is told once.
package enum ListenerNotice: Hashable, Sendable {
    /// As many connections are open as may be: one is closed for each that comes.
    case full(connectionsMax: Int)

    /// There is room again, after so many connections were closed for others.
    case roomAgain(evicted: Int)

    /// The system refuses to accept.
    case acceptFailed(String)

    /// It accepts again.
    case acceptsAgain(failures: Int)
}

/// Counts what listeners of one kind do, and tells of changes.
package final class ListenerWatch: Sendable {
    private let openNow = Atomic<Int>(0)
    private let evictedSoFar = Atomic<Int>(0)
    private let failedSoFar = Atomic<Int>(0)
    private let bound = Atomic<Int>(0)
    private let notify: @Sendable (ListenerNotice) -> Void

    /// A watch that tells `notify`, on an event loop.
    package init(notify: @escaping @Sendable (ListenerNotice) -> Void = { _ in }) {
        self.notify = notify
    }

    /// Connections that are open.
    package var open: Int { self.openNow.load(ordering: .relaxed) }

    /// Connections that may be open: the sum of all listeners.
    package var connectionsMax: Int { self.bound.load(ordering: .relaxed) }

    /// Connections that were closed to admit others.
    package var evicted: Int { self.evictedSoFar.load(ordering: .relaxed) }

    /// Refusals of the system to accept.
    package var acceptFailures: Int { self.failedSoFar.load(ordering: .relaxed) }

    func began(connectionsMax: Int) { self.bound.add(connectionsMax, ordering: .relaxed) }
    func opened() { self.openNow.add(1, ordering: .relaxed) }
    func closed() { self.openNow.subtract(1, ordering: .relaxed) }
    func evictionBegan() { self.evictedSoFar.add(1, ordering: .relaxed) }
    func acceptFailed() { self.failedSoFar.add(1, ordering: .relaxed) }
    func tell(_ notice: ListenerNotice) { self.notify(notice) }
}
