import StorageCore
import Synchronization
import TransportCore

/// The time that writes of the ledger wait beyond the next commit.
///
/// A commit with room to spare took every waiting write, however slow it was, so nothing is behind.
/// A full commit left writes for the next.
final class JournalBacklog: Sendable {
    private struct Full {
        let time: Duration
        let until: Timeline.Instant
    }

    private let full = Mutex<Full?>(nil)

    /// Records that a batch of `writes` ended at `now`, after `time`.
    func ended(_ writes: Int, _ time: Duration, at now: Timeline.Instant) {
        self.full.withLock { full in
            guard writes >= GroupCommitJournal.batchMax else {
                full = nil
                return
            }
            // A later commit corrects this; if none follows, nothing waits.
            full = Full(time: time, until: now.advanced(by: time * 2))
        }
    }

    /// The remaining delay at `now`.
    func delay(at now: Timeline.Instant) -> Duration {
        self.full.withLock { full in
            guard let known = full, now < known.until else { return .zero }
            return known.time
        }
    }
}
