package import Domain
import Synchronization

/// The last entry that was acknowledged by this process, or by an earlier one that shared its file.
///
/// A journal that does not hold it has lost entries, or has another history: a standby was promoted
/// without its tail, or an old primary came back. Its hash covers every entry before it.
final class Watermark: Sendable {
    private let store: WatermarkStore?
    private let state = Mutex(State())

    private struct State {
        var head = JournalHead.empty
        var wasRead = false
    }

    /// - Parameter store: Keeps it beyond the process; nil: memory alone.
    init(_ store: WatermarkStore?) { self.store = store }

    /// ``JournalHead/empty`` when nothing was acknowledged.
    var head: JournalHead { self.state.withLock { $0.head } }

    /// Notes that everything up to `head` is durable, before anybody is told of it.
    func advance(to head: JournalHead) {
        self.state.withLock { state in
            guard head.sequence > state.head.sequence else { return }
            state.head = head
            self.store?.write(head)
        }
    }

    /// - Throws: `refused` when the journal does not hold what was acknowledged, and nobody has
    ///   accepted the loss.
    func check(_ connection: any JournalConnection) throws(JournalOpenError) {
        try self.readOnce()
        let head = self.head
        let isAccepted: Bool
        do throws(JournalError) {
            if try connection.holds(head) { return }
            isAccepted = try connection.hasAccepted(lossOf: head)
        } catch {
            throw .unavailable(reason: "what was acknowledged cannot be looked up: \(error)")
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

/// A place beside a process where the last acknowledged entry is kept.
package struct WatermarkStore: Sendable {
    /// The entry that was kept last; ``JournalHead/empty`` when none was.
    let read: @Sendable () throws(JournalOpenError) -> JournalHead
    /// Keeps `head` in place of what was kept; does not wait for a disk.
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
    /// Whether the journal has the entry that `head` is of.
    package func holds(_ head: JournalHead) throws(JournalError) -> Bool {
        if head.sequence == 0 { return true }
        return try self.entries(after: head.sequence - 1, limit: 1).first.map(JournalHead.init)
            == head
    }
}
