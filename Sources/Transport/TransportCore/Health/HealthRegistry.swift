internal import Synchronization

/// The status of every service of one server: set by whoever knows, read by health calls and by
/// ``HealthGate``.
///
/// The whole server is `""`: SERVING when there are services and all of them are. Setting a status
/// never waits for a watcher: each holds the latest value only.
public final class HealthRegistry: Sendable {
    /// How much a registry did, for metrics.
    public struct Counts: Hashable, Sendable {
        /// Watches that are open now.
        public var watchers = 0
        /// Watches that were refused, because too many were open.
        public var watchersRefused = 0
        /// Changes that a watcher never saw, because the next one came before it had read them.
        public var changesConflated = 0
    }

    /// How many watches may be open, unless the registry was made with another bound.
    public static let watchersMax = 1_000

    private let state: Mutex<RegistryState>
    private let watchersMax: Int

    /// A registry in which every one of `services` begins as NOT_SERVING.
    public init(services: [String], watchersMax: Int = HealthRegistry.watchersMax) {
        self.watchersMax = watchersMax
        let health = HealthState(services: services, watchersMax: watchersMax)
        self.state = Mutex(RegistryState(health: health))
    }

    /// Sets the status of `service` and tells its watchers; SERVICE_UNKNOWN forgets the service.
    ///
    /// Nothing happens once the drain has begun.
    public func set(_ service: String, _ status: ServingStatus) {
        precondition(!service.isEmpty, "the status of a server follows from that of its services")
        self.state.withLock { state in
            let notices = state.health.statusChanged(status, of: service)
            state.deliver(notices)
        }
    }

    /// Everything is NOT_SERVING, at once and for good; watchers are told, then their streams end.
    public func drain() {
        self.state.withLock { state in
            let notices = state.health.drainBegan()
            state.deliver(notices)
        }
    }

    /// The status of `service`, or of the whole server (`""`); nil when there is no such service.
    public func status(of service: String) -> ServingStatus? {
        self.state.withLock { $0.health.status(of: service) }
    }

    /// Whether calls of `service` are taken: it serves, or did so when the drain began.
    func takesCalls(of service: String) -> Bool {
        self.state.withLock { $0.health.takesCalls(of: service) }
    }

    /// The whole server (`""`) and every service, sorted by name.
    public var statuses: [(service: String, status: ServingStatus)] {
        self.state.withLock { $0.health.statuses }
    }

    /// What happened so far.
    public var counts: Counts {
        self.state.withLock { state in
            var counts = state.counts
            counts.watchers = state.health.watcherCount
            return counts
        }
    }

    /// Watches `service` for as long as `body` runs.
    ///
    /// - Throws: RESOURCE_EXHAUSTED when too many watch already, or what `body` throws.
    func withWatch<Result>(
        of service: String,
        _ body: (HealthWatch) async throws -> Result
    ) async throws -> Result {
        let mailbox = HealthMailbox()
        let id = try self.open(mailbox, service)
        defer { self.close(id) }
        return try await body(mailbox.watch)
    }

    /// Opens a watch; nil when it has its last word already.
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

/// The statuses, and a mailbox for every watcher of them.
private struct RegistryState: ~Copyable {
    var health: HealthState
    var mailboxes: [HealthState.WatcherID: HealthMailbox] = [:]
    var counts = HealthRegistry.Counts()

    init(health: consuming HealthState) { self.health = health }

    /// Under the lock, so that a watcher gets changes in the order in which they were made; putting
    /// a value into a mailbox neither waits nor runs the reader.
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
