/// The statuses of a server's services and the watchers to notify: pure state.
///
/// Open until the drain, then drained for good. The whole server (`""`) serves when it has at least
/// one service and all serve. A watcher is notified when its status differs from the last one sent,
/// in the order in which watchers came.
struct HealthState: ~Copyable {
    /// The id of a watcher, never used twice.
    typealias WatcherID = Int

    /// A notification for a watcher.
    enum Notice: Hashable {
        case changed(WatcherID, ServingStatus)
        case ended(WatcherID)
    }

    /// The answer to a request to watch.
    enum Admission: Hashable {
        case admitted(WatcherID, first: ServingStatus)
        /// The final status: no change will follow.
        case lastWord(ServingStatus)
        case tooMany
    }

    private enum State {
        case open(Open)
        /// The known services, and those that served when the drain began.
        case drained(services: Set<String>, served: Set<String>)
    }

    private var state: State
    private var nextID: WatcherID = 0
    private let watchersMax: Int

    /// Creates a state in which each of `services` is NOT_SERVING.
    init(services: [String], watchersMax: Int) {
        let statuses = services.map { ($0, ServingStatus.notServing) }
        self.state = .open(Open(services: Dictionary(statuses) { first, _ in first }))
        self.watchersMax = watchersMax
    }

    /// The status of `service`; nil for an unknown one.
    func status(of service: String) -> ServingStatus? {
        switch self.state {
        case .open(let open): open.status(of: service)
        case .drained(let services, _):
            service.isEmpty || services.contains(service) ? .notServing : nil
        }
    }

    /// True when `service` serves, or did so when the drain began.
    ///
    /// Callers take a moment to hear of a drain; their calls are answered until then.
    func takesCalls(of service: String) -> Bool {
        switch self.state {
        case .open(let open): open.status(of: service) == .serving
        case .drained(_, let served): served.contains(service)
        }
    }

    /// The whole server and every service, sorted by name.
    var statuses: [(service: String, status: ServingStatus)] {
        ([""] + self.services.sorted()).map { ($0, self.status(of: $0) ?? .unknown) }
    }

    /// The number of open watches.
    var watcherCount: Int {
        switch self.state {
        case .open(let open): open.watchers.count
        case .drained: 0
        }
    }

    /// Sets a status; SERVICE_UNKNOWN removes the service.
    mutating func statusChanged(_ status: ServingStatus, of service: String) -> [Notice] {
        switch self.state {
        case .open(var open):
            open.services[service] = status == .serviceUnknown ? nil : status
            let notices = open.tellChanges()
            self.state = .open(open)
            return notices
        case .drained:
            return []
        }
    }

    /// Begins the drain: nothing serves from now on.
    mutating func drainBegan() -> [Notice] {
        switch self.state {
        case .open(let open):
            let served = open.services.filter { $0.value == .serving }
            self.state = .drained(services: Set(open.services.keys), served: Set(served.keys))
            return open.watchers.flatMap(\.lastNotices)
        case .drained:
            return []
        }
    }

    /// Adds a watcher of `service`.
    mutating func watcherCame(_ service: String) -> Admission {
        switch self.state {
        case .open(var open):
            guard open.watchers.count < self.watchersMax else { return .tooMany }
            let first = open.status(of: service) ?? .serviceUnknown
            let watcher = Watcher(id: self.nextID, service: service, told: first)
            open.watchers.append(watcher)
            self.nextID += 1
            self.state = .open(open)
            return .admitted(watcher.id, first: first)
        case .drained:
            return .lastWord(.notServing)
        }
    }

    /// Removes a watcher.
    mutating func watcherLeft(_ id: WatcherID) {
        switch self.state {
        case .open(var open):
            open.watchers.removeAll { $0.id == id }
            self.state = .open(open)
        case .drained:
            return
        }
    }

    private var services: [String] {
        switch self.state {
        case .open(let open): Array(open.services.keys)
        case .drained(let services, _): Array(services)
        }
    }
}

/// The state before the drain.
private struct Open {
    var services: [String: ServingStatus]
    var watchers: [Watcher] = []

    func status(of service: String) -> ServingStatus? {
        service.isEmpty ? self.wholeServer : self.services[service]
    }

    private var wholeServer: ServingStatus {
        let serves = !self.services.isEmpty && self.services.values.allSatisfy { $0 == .serving }
        return serves ? .serving : .notServing
    }

    mutating func tellChanges() -> [HealthState.Notice] {
        var notices: [HealthState.Notice] = []
        for index in self.watchers.indices {
            let status = self.status(of: self.watchers[index].service) ?? .serviceUnknown
            guard self.watchers[index].told != status else { continue }
            self.watchers[index].told = status
            notices.append(.changed(self.watchers[index].id, status))
        }
        return notices
    }
}

/// A watcher of one service and the last status sent to it.
private struct Watcher {
    let id: HealthState.WatcherID
    let service: String
    var told: ServingStatus

    var lastNotices: [HealthState.Notice] {
        let change = HealthState.Notice.changed(self.id, .notServing)
        return (self.told == .notServing ? [] : [change]) + [.ended(self.id)]
    }
}
