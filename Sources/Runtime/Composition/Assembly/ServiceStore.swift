import Domain
import Logging
import Synchronization
import TransportCore

/// What a service remembers with: it serves while its store can work.
struct ServiceStore: Sendable {
    typealias Report = @Sendable (JournalStatus) -> Void

    /// Keeps the store at work until the task is cancelled, and tells how it is.
    let run: @Sendable (@escaping Report) async -> Void

    /// Lets calls end that would wait for the store without end.
    let drainBegan: @Sendable () async -> Void
}

/// A store at work: SERVING follows from how it is, and one that is full goes on serving reads.
struct RunningStore: Sendable {
    private let store: ServiceStore
    private let task: Task<Void, Never>
    private let last: LastStatus

    /// Begins; `service` is SERVING in `health` as long as the store answers.
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

    /// How it is after the first try to open it.
    func firstStatus() async -> JournalStatus { await self.last.value() }

    /// True when it answers now.
    var answers: Bool { self.last.answers }

    /// Lets calls end that would wait for the store without end.
    func drainBegan() async { await self.store.drainBegan() }

    /// Answers what was asked, and closes the store.
    func end() async {
        self.task.cancel()
        await self.task.value
    }

    /// The same, without waiting for it.
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

/// The last status that a store reported, and who waits for the first.
private final class LastStatus: Sendable {
    private let state = Mutex<(JournalStatus?, CheckedContinuation<JournalStatus, Never>?)>(
        (nil, nil)
    )

    /// - Returns: whether it is another one: a store that is tried again and again says the same.
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
