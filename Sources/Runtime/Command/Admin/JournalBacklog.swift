import StorageCore
import Synchronization
import TransportCore

/// The time that writes of the ledger wait beyond the next commit.
///
/// A commit that is not full took all that waited, however slow it was: then nothing is behind. One
/// that is full left writes for the next.
final class JournalBacklog: Sendable {
    private struct Full {
        let time: Duration
        let until: Timeline.Instant
    }

    private let full = Mutex<Full?>(nil)

    /// A commit of `writes` has ended after `time`, at `now`.
    func ended(_ writes: Int, _ time: Duration, at now: Timeline.Instant) {
        self.full.withLock { full in
            guard writes >= GroupCommitJournal.batchMax else {
                full = nil
                return
            }
            // The next commit says more; without one, nothing waits.
            full = Full(time: time, until: now.advanced(by: time * 2))
        }
    }

    /// The time left to wait at `now`.
    func delay(at now: Timeline.Instant) -> Duration {
        self.full.withLock { full in
            guard let known = full, now < known.until else { return .zero }
            return known.time
        }
    }
}
