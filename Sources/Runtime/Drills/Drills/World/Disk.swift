import Domain
package import Histories
import Scenarios
import Simulation
import Synchronization
import TransportCore

/// What survives the ledger's crashes: its entries, and how the device behaves.
///
/// It stands where an engine on a simulated disk will stand. A write takes a while until it is
/// written, and a while until that is synced; in between it is kept or lost when the process dies.
package final class Disk: Sendable {
    /// Whose disk it is.
    private static let party = Party("ledger-1")

    /// How long a write and its sync take, each, when nothing is wrong.
    private static let latency = Duration.microseconds(200)

    private let clock: VirtualClock
    private let strikes: Strikes
    private let state = Mutex(State())
    private let onCommit: @Sendable (Posted, BalanceReading) -> Void
    private let onAnswer: @Sendable (Bool) -> Void

    private struct State {
        var book = LedgerBook()
        /// Whose writes count: those of the process that opened it last.
        var opening = 0
        /// Written and not synced, in order.
        var unsynced: [(number: Int, write: Write)] = []
        var writes = 0
        /// Reads and writes that the device is busy with, whoever waits for them.
        var busy = 0
    }

    /// Judges and records something in the book; gives the new entry, if there is one.
    typealias Write = @Sendable (inout LedgerBook) throws(JournalError) -> Entry?

    init(
        clock: VirtualClock,
        strikes: Strikes,
        onCommit: @escaping @Sendable (Posted, BalanceReading) -> Void,
        onAnswer: @escaping @Sendable (_ isAgain: Bool) -> Void = { _ in }
    ) {
        self.clock = clock
        self.strikes = strikes
        self.onCommit = onCommit
        self.onAnswer = onAnswer
    }

    /// A writer is told that what it wants is there for good, now or since before.
    func answered(isAgain: Bool) { self.onAnswer(isAgain) }

    /// The entries that are there for good.
    var book: LedgerBook { self.state.withLock { $0.book } }

    /// Whether the device is busy.
    var isBusy: Bool { self.state.withLock { $0.busy > 0 } }

    /// Opens it for one process; whoever had it open before writes nothing any more.
    func open() -> DiskJournal {
        let opening = self.state.withLock { state in
            state.opening += 1
            state.unsynced = []
            return state.opening
        }
        return DiskJournal(self, opening: opening)
    }

    /// The process died: what was written is synced by the system later, or is lost with its power.
    func crash(losesUnsynced: Bool) {
        let writes = self.state.withLock { state in
            state.opening += 1
            defer { state.unsynced = [] }
            return state.unsynced.map(\.write)
        }
        if writes.isEmpty { return }
        if losesUnsynced || self.isStruck(.diskLoseUnsynced) { return }
        for write in writes { try? self.commit(write) }
    }

    /// Writes, syncs, and only then returns.
    func write(_ opening: Int, _ write: @escaping Write) async throws(JournalError) {
        try self.checkOpen(opening)
        if self.isStruck(.diskError) { throw .unavailable }
        if self.isStruck(.diskFull) { throw .full }
        await self.take(Self.latency)
        try self.checkOpen(opening)
        let number = self.state.withLock { state in
            state.writes += 1
            state.unsynced.append((state.writes, write))
            return state.writes
        }
        await self.take(self.syncTime)
        try self.sync(number, opening)
        if self.isStruck(.diskUnsaid) { throw .outcomeUnknown }
        await self.take(Self.latency)
        try self.checkOpen(opening)
    }

    /// Reads what is there for good.
    func read<Value: Sendable>(
        _ opening: Int,
        _ read: (LedgerBook) -> Value
    ) async throws(JournalError) -> Value {
        try self.checkOpen(opening)
        if self.isStruck(.diskError) { throw .unavailable }
        await self.take(Self.latency)
        try self.checkOpen(opening)
        return read(self.book)
    }

    /// Tells of an entry that is there for good, with the balances after it; an engine that a
    /// planted bug puts in place of this disk's own tells of its entries too.
    package func tell(_ posted: Posted, _ balances: BalanceReading) {
        self.onCommit(posted, balances)
    }

    private func sync(_ number: Int, _ opening: Int) throws(JournalError) {
        try self.checkOpen(opening)
        let write = self.state.withLock { state -> Write? in
            guard let index = state.unsynced.firstIndex(where: { $0.number == number }) else {
                return nil
            }
            return state.unsynced.remove(at: index).write
        }
        if let write { try self.commit(write) }
    }

    private func commit(_ write: Write) throws(JournalError) {
        let (entry, book) = try self.state.withLock { state throws(JournalError) in
            (try write(&state.book), state.book)
        }
        if let entry {
            self.tell(Posted(entry), BalanceReading(book, entry.posting.amount.currency))
        }
    }

    private func checkOpen(_ opening: Int) throws(JournalError) {
        guard self.state.withLock({ $0.opening == opening }) else { throw .outcomeUnknown }
    }

    private var syncTime: Duration {
        var time = Self.latency
        self.strikes.strike {
            if case .diskSlow = $0.plan.kind { $0.isAimed(at: Self.party) } else { false }
        } _: {
            guard case .diskSlow(let extra) = $0.plan.kind else { return false }
            time += extra
            return true
        }
        return time
    }

    private func isStruck(_ kind: FaultPlan.Kind) -> Bool {
        self.strikes.struck { $0.plan.kind == kind && $0.isAimed(at: Self.party) } != nil
    }

    /// A device does not give up when its caller does.
    private func take(_ time: Duration) async {
        self.state.withLock { $0.busy += 1 }
        await withCheckedContinuation { continuation in
            _ = self.clock.call(at: self.clock.now.advanced(by: time)) { continuation.resume() }
        }
        self.state.withLock { $0.busy -= 1 }
    }
}
