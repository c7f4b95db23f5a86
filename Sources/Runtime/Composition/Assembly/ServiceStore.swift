import Domain
import Logging
import Synchronization
import TransportCore

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
    private let last: LastStatus

    /// Starts the store.
    ///
    /// `service` is SERVING in `health` while the store answers.
    init(_ store: ServiceStore, _ health: HealthRegistry, _ service: String, _ logger: Logger) {
        let last = LastStatus()
        self.store = store
        self.last = last
        self.task = Task(name: "store of \(service)") {
            await store.run { status in
                health.set(service, status.answers ? .serving : .notServing)
                if last.set(status) { logger.note(status, service) }
            }
            last.set(.lost(reason: "it ended"))
        }
    }

    /// Waits for the first status.
    func firstStatus() async -> JournalStatus { await self.last.value() }

    /// True if the store answers now.
    var answers: Bool { self.last.answers }

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

/// The last status of a store, and the waiter for the first.
private final class LastStatus: Sendable {
    private let state = Mutex<(JournalStatus?, CheckedContinuation<JournalStatus, Never>?)>(
        (nil, nil)
    )

    /// - Returns: False if the status is unchanged, as while reopening fails repeatedly.
    @discardableResult
    func set(_ status: JournalStatus) -> Bool {
        let (isNew, waiter) = self.state.withLock { state in
            defer { state.0 = status }
            return (state.0 != status, state.1.take())
        }
        waiter?.resume(returning: status)
        return isNew
    }

    var answers: Bool { self.state.withLock { $0.0?.answers ?? false } }

    func value() async -> JournalStatus {
        await withCheckedContinuation { waiter in
            let status = self.state.withLock { state in
                if state.0 == nil { state.1 = waiter }
                return state.0
            }
            if let status { waiter.resume(returning: status) }
        }
    }
}
