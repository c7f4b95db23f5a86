internal import Synchronization

/// The serving status of each service of one server, for health calls and ``HealthGate``.
///
/// The whole server is `""`: SERVING when it has services and all of them are. Setting a status
/// never waits for a watcher, which holds only the latest value.
public final class HealthRegistry: Sendable {
    /// Counters for metrics.
    public struct Counts: Hashable, Sendable {
        /// Open watches.
        public var watchers = 0
        /// Watches refused because too many were open.
        public var watchersRefused = 0
        /// Changes that a watcher missed because the next one replaced them.
        public var changesConflated = 0
    }

    /// The default bound on open watches.
    public static let watchersMax = 1_000

    private let state: Mutex<RegistryState>
    private let watchersMax: Int

    /// Creates a registry in which each of `services` is NOT_SERVING.
    public init(services: [String], watchersMax: Int = HealthRegistry.watchersMax) {
        self.watchersMax = watchersMax
        let health = HealthState(services: services, watchersMax: watchersMax)
        self.state = Mutex(RegistryState(health: health))
    }

    /// Sets the status of `service` and notifies its watchers; SERVICE_UNKNOWN removes the service.
    ///
    /// Does nothing once the drain has begun.
    public func set(_ service: String, _ status: ServingStatus) {
        precondition(!service.isEmpty, "the status of a server follows from that of its services")
        self.state.withLock { state in
            let notices = state.health.statusChanged(status, of: service)
            state.deliver(notices)
        }
    }

    /// Sets all services to NOT_SERVING for good, notifies watchers and ends their streams.
    public func drain() {
        self.state.withLock { state in
            let notices = state.health.drainBegan()
            state.deliver(notices)
        }
    }

    /// The status of `service`, or of the whole server (`""`); nil for an unknown service.
    public func status(of service: String) -> ServingStatus? {
        self.state.withLock { $0.health.status(of: service) }
    }

    /// True when `service` serves, or did so when the drain began.
    func takesCalls(of service: String) -> Bool {
        self.state.withLock { $0.health.takesCalls(of: service) }
    }

    /// The whole server (`""`) and every service, sorted by name.
    public var statuses: [(service: String, status: ServingStatus)] {
        self.state.withLock { $0.health.statuses }
    }

    /// The current counters.
    public var counts: Counts {
        self.state.withLock { state in
            var counts = state.counts
            counts.watchers = state.health.watcherCount
            return counts
        }
    }

    /// Watches `service` for the duration of `body`.
    ///
    /// - Throws: RESOURCE_EXHAUSTED when too many watches are open, or the error that `body`
    ///   throws.
    func withWatch<Result>(
        of service: String,
        _ body: (HealthWatch) async throws -> Result
    ) async throws -> Result {
        let mailbox = HealthMailbox()
        let id = try self.open(mailbox, service)
        defer { self.close(id) }
        return try await body(mailbox.watch)
    }

    /// Opens a watch; nil when the registry is drained and the watch already has its final value.
    private func open(
        _ mailbox: HealthMailbox,
        _ service: String
    ) throws(RPCError) -> HealthState.WatcherID? {
        let admission = self.state.withLock { $0.admit(mailbox, service) }
        switch admission {
        case .admitted(let id, _): return id
        case .lastWord: return nil
        case .tooMany:
            throw RPCError(.resourceExhausted, "\(self.watchersMax) watch already, poll instead")
        }
    }

    private func close(_ id: HealthState.WatcherID?) {
        guard let id else { return }
        self.state.withLock { state in
            state.health.watcherLeft(id)
            state.mailboxes[id] = nil
        }
    }
}

/// The statuses and the mailboxes of their watchers.
private struct RegistryState: ~Copyable {
    var health: HealthState
    var mailboxes: [HealthState.WatcherID: HealthMailbox] = [:]
    var counts = HealthRegistry.Counts()

    init(health: consuming HealthState) { self.health = health }

    /// Puts changes into mailboxes, under the lock so that watchers get them in order.
    ///
    /// Putting neither waits nor runs the reader.
    mutating func deliver(_ notices: [HealthState.Notice]) {
        for notice in notices {
            switch notice {
            case .changed(let id, let status):
                let conflated = self.mailboxes[id]?.put(status) ?? false
                if conflated { self.counts.changesConflated += 1 }
            case .ended(let id):
                self.mailboxes.removeValue(forKey: id)?.end()
            }
        }
    }

    mutating func admit(
        _ mailbox: HealthMailbox,
        _ service: String
    ) -> HealthState.Admission {
        let admission = self.health.watcherCame(service)
        switch admission {
        case .admitted(let id, let first):
            _ = mailbox.put(first)
            self.mailboxes[id] = mailbox
        case .lastWord(let status):
            _ = mailbox.put(status)
            mailbox.end()
        case .tooMany:
            self.counts.watchersRefused += 1
        }
        return admission
    }
}
