import Domain
import Logging
import TransportCore
import Waiting

/// The durable store of a service.
struct ServiceStore: Sendable {
    typealias Report = @Sendable (JournalStatus) -> Void

    /// Runs the store until the task is cancelled and reports its status.
    let run: @Sendable (@escaping Report) async -> Void

    /// Ends calls that would wait on the store indefinitely.
    let drainBegan: @Sendable () async -> Void
}

/// A running store, whose status sets the service's health; a full store still serves reads.
struct RunningStore: Sendable {
    private let store: ServiceStore
    private let task: Task<Void, Never>
    private let last: Awaited<JournalStatus?>

    /// Starts the store.
    ///
    /// `service` is SERVING in `health` while the store answers.
    init(_ store: ServiceStore, _ health: HealthRegistry, _ service: String, _ logger: Logger) {
        let last = Awaited<JournalStatus?>(nil)
        self.store = store
        self.last = last
        self.task = Task(name: "store of \(service)") {
            await store.run { status in
                health.set(service, status.answers ? .serving : .notServing)
                // Reopening may fail repeatedly with the same status.
                let isNew = last.withLock { last in
                    defer { last = status }
                    return last != status
                }
                if isNew { logger.note(status, service) }
            }
            last.withLock { $0 = .lost(reason: "it ended") }
        }
    }

    /// Waits for the first status.
    func firstStatus() async -> JournalStatus {
        await self.last.first { $0 } ?? .lost(reason: "its start was cancelled")
    }

    /// True if the store answers now.
    var answers: Bool { self.last.withLock { $0?.answers ?? false } }

    /// Ends calls that would wait on the store indefinitely.
    func drainBegan() async { await self.store.drainBegan() }

    /// Stops the store and waits until it has answered pending requests.
    func end() async {
        self.task.cancel()
        await self.task.value
    }

    /// Stops the store without waiting.
    func abandon() { self.task.cancel() }
}

extension Logger {
    fileprivate func note(_ status: JournalStatus, _ service: String) {
        switch status {
        case .ready: self.info("the store of \(service) is ready")
        case .full(let reason):
            self.error(
                "the store of \(service) is full: \(reason); make room, it recovers by itself"
            )
        case .lost(let reason): self.warning("the store of \(service) is lost: \(reason)")
        case .refused(let reason): self.error("the store of \(service) is refused: \(reason)")
        }
    }
}
