/// What a server says about its services, and to whom: pure state.
///
/// Open until the drain, then drained for good. The whole server (`""`) follows from its services:
/// it serves when it has at least one and all of them serve. A watcher is told what differs from
/// what it was told last, in the order in which watchers came.
struct HealthState: ~Copyable {
    /// Names one watcher, never another.
    typealias WatcherID = Int

    /// Something to tell a watcher.
    enum Notice: Hashable {
        case changed(WatcherID, ServingStatus)
        case ended(WatcherID)
    }

    /// The answer to someone who wants to watch.
    enum Admission: Hashable {
        case admitted(WatcherID, first: ServingStatus)
        /// There will be no change any more.
        case lastWord(ServingStatus)
        case tooMany
    }

    private enum State {
        case open(Open)
        /// Of all services, those that served until then.
        case drained(services: Set<String>, served: Set<String>)
    }

    private var state: State
    private var nextID: WatcherID = 0
    private let watchersMax: Int

    /// Every one of `services` begins as NOT_SERVING.
    init(services: [String], watchersMax: Int) {
        let statuses = services.map { ($0, ServingStatus.notServing) }
        self.state = .open(Open(services: Dictionary(statuses) { first, _ in first }))
        self.watchersMax = watchersMax
    }

    /// The status of `service`, nil when there is no such service.
    func status(of service: String) -> ServingStatus? {
        switch self.state {
        case .open(let open): open.status(of: service)
        case .drained(let services, _):
            service.isEmpty || services.contains(service) ? .notServing : nil
        }
    }

    /// Whether calls of `service` are taken: it serves, or did so when the drain began.
    ///
    /// Callers need a moment to hear of a drain; what they send until then is answered.
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

    /// How many watch.
    var watcherCount: Int {
        switch self.state {
        case .open(let open): open.watchers.count
        case .drained: 0
        }
    }

    /// `service` has a status; SERVICE_UNKNOWN means that it is gone.
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

    /// The server stops: nothing serves any more, and nothing will.
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

    /// Someone wants to know the status of `service`, now and whenever it changes.
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

    /// A watcher does not want to know any more.
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

/// A server before its drain.
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

/// Who wants to know about one service, and what it was told last.
private struct Watcher {
    let id: HealthState.WatcherID
    let service: String
    var told: ServingStatus

    var lastNotices: [HealthState.Notice] {
        let change = HealthState.Notice.changed(self.id, .notServing)
        return (self.told == .notServing ? [] : [change]) + [.ended(self.id)]
    }
}
