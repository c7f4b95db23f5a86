package import Domain
import Synchronization

/// The last entry acknowledged by this process, or by an earlier one that shared its file.
///
/// A journal without this entry has lost entries or has another history: a standby was promoted
/// without its tail, or an old primary came back. The entry's hash covers all entries before it.
final class Watermark: Sendable {
    private let store: WatermarkStore?
    private let state = Mutex(State())

    private struct State {
        var head = JournalHead.empty
        var wasRead = false
    }

    /// - Parameter store: Keeps the watermark beyond the process; nil keeps it in memory only.
    init(_ store: WatermarkStore?) { self.store = store }

    /// The watermark; ``JournalHead/empty`` if nothing was acknowledged.
    var head: JournalHead { self.state.withLock { $0.head } }

    /// Records that all entries up to `head` are durable, before any caller learns of them.
    func advance(to head: JournalHead) {
        self.state.withLock { state in
            guard head.sequence > state.head.sequence else { return }
            state.head = head
            self.store?.write(head)
        }
    }

    /// - Throws: `refused` if the journal lacks the acknowledged entry and no operator accepted the
    ///   loss.
    func check(_ connection: any JournalConnection) throws(JournalOpenError) {
        try self.readOnce()
        let head = self.head
        let isAccepted: Bool
        do throws(JournalError) {
            if try connection.holds(head) { return }
            isAccepted = try connection.hasAccepted(lossOf: head)
        } catch {
            throw .unavailable(reason: "the acknowledged entry cannot be looked up: \(error)")
        }
        guard isAccepted else { throw .refused(reason: Self.refusal(of: head)) }
        self.state.withLock { $0.head = .empty }
        self.store?.write(.empty)
    }

    private func readOnce() throws(JournalOpenError) {
        guard let store, !self.state.withLock({ $0.wasRead }) else { return }
        let kept = try store.read()
        self.state.withLock { state in
            state.wasRead = true
            if kept.sequence > state.head.sequence { state.head = kept }
        }
    }

    private static func refusal(of head: JournalHead) -> String {
        """
        entry \(head.sequence) with the hash \(head.hash) was acknowledged, and the journal does not \
        hold it: it has lost entries, or is another one. Bring the database back that holds it; or \
        accept the loss for good: runtime ledger accept-loss --sequence \(head.sequence) --hash \
        \(head.hash)
        """
    }
}

/// Storage for the watermark outside the process.
package struct WatermarkStore: Sendable {
    /// Returns the stored watermark; ``JournalHead/empty`` if there is none.
    let read: @Sendable () throws(JournalOpenError) -> JournalHead
    /// Replaces the stored watermark, without waiting for a disk.
    let write: @Sendable (_ head: JournalHead) -> Void

    package init(
        read: @escaping @Sendable () throws(JournalOpenError) -> JournalHead,
        write: @escaping @Sendable (_ head: JournalHead) -> Void
    ) {
        self.read = read
        self.write = write
    }
}

extension JournalConnection {
    /// True if the journal contains the entry of `head`.
    package func holds(_ head: JournalHead) throws(JournalError) -> Bool {
        if head.sequence == 0 { return true }
        return try self.entries(after: head.sequence - 1, limit: 1).first.map(JournalHead.init)
            == head
    }
}
