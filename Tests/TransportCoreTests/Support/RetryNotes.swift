import Synchronization
import TransportCore

/// Records the waits before further attempts.
final class RetryNotes: ClientObserver {
    private let noted = Mutex<[Duration]>([])
    private let told = Mutex<[Repeats]>([])

    var waits: [Duration] { self.noted.withLock { $0 } }

    /// The reported attempts beyond the first, per call.
    var repeats: [Repeats] { self.told.withLock { $0 } }

    func repeated(_ method: String, _ repeats: Repeats) {
        self.told.withLock { $0.append(repeats) }
    }

    func attemptStarted(_ method: String) {}

    func attemptEnded(_ attempt: ObservedCall) {}

    func callEnded(_ call: ObservedCall) {}

    func retried(_ method: String, after wait: Duration) {
        self.noted.withLock { $0.append(wait) }
    }
}
