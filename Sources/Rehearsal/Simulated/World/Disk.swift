package import Checkers
import DiskSimulation
import Domain
import DrillEngine
import SQLiteStorage
import Scenarios
import Simulation
import StorageCore
import Synchronization
import TransportCore

/// The part that survives the ledger's crashes: the files of its journal, on a device that faults
/// strike.
///
/// The engine is the real one. What it asks of the device is done at once, and takes its time
/// afterwards; a crash in between undoes what the device had not got to.
package final class Disk: Sendable {
    /// The owner of the disk.
    private static let node = Node("ledger-1")

    private static let folder = "/ledger"

    // The time of a read, a write and a flush when no fault strikes.
    private static let readTime = Duration.microseconds(50)
    private static let writeTime = Duration.microseconds(20)
    private static let syncTime = Duration.microseconds(200)

    private let clock: VirtualClock
    private let injector: FaultInjector
    private let device: SimulatedDisk
    private let state: Mutex<State>
    private let onCommit: @Sendable (Posted, BalanceReading) -> Void
    private let onAnswer: @Sendable (Bool) -> Void

    private struct State {
        /// The choices of torn writes and flipped bits.
        var stream: RandomStream
        var opening = 0
        /// The last entry that was told of.
        var told: UInt64 = 0
    }

    init(
        clock: VirtualClock,
        injector: FaultInjector,
        stream: RandomStream,
        onCommit: @escaping @Sendable (Posted, BalanceReading) -> Void,
        onAnswer: @escaping @Sendable (_ isAgain: Bool) -> Void = { _ in }
    ) {
        self.clock = clock
        self.injector = injector
        self.device = SimulatedDisk(
            .init(
                now: { clock.now.sinceStart.wholeNanoseconds },
                decide: { Self.decide($0, injector) }
            )
        )
        self.state = Mutex(State(stream: stream))
        self.onCommit = onCommit
        self.onAnswer = onAnswer
    }

    /// True when the device is busy.
    var isBusy: Bool { self.device.busyUntil > self.clock.now.sinceStart.wholeNanoseconds }

    /// True when a bit is not what was written.
    var isDamaged: Bool { self.device.isFlipped }

    /// Opens it for one process; a process that had it open before writes nothing any more.
    func open(_ chainer: EntryChainer, _ timeline: Timeline) -> GroupCommitJournal {
        let mount = DiskMount(self.device.open())
        let opening = self.state.withLock { state in
            state.opening += 1
            return state.opening
        }
        let engine = SQLiteJournalEngine(
            folder: Self.folder,
            vfs: mount.name,
            chainer: chainer,
            settling: { await self.settle($0) },
            waiting: { _ in try await timeline.sleep(for: .milliseconds(50)) }
        )
        return GroupCommitJournal(
            RehearsedEngine(engine, mount, self, opening),
            writing: nil,
            reading: nil
        )
    }

    /// The process died: what was written is synced by the system later, or is lost with its power,
    /// all of it or some.
    func crash(losesUnsynced: Bool) {
        self.state.withLock { $0.opening += 1 }
        var loss = losesUnsynced ? DiskLoss.unsynced : .none
        if self.device.hasUnsynced {
            if self.isStruck(.diskLoseUnsynced) { loss = .unsynced }
            if self.isStruck(.diskTorn) { loss = .torn }
        }
        self.device.crash(loss) { self.state.withLock { $0.stream.chance(0.5) } }
    }

    /// Flips one bit of what is written; says whether there was one.
    func flip() -> Bool {
        let bits = self.device.byteCount * 8
        guard bits > 0, !self.device.isFlipped else { return false }
        let bit = self.state.withLock { $0.stream.below(bits) }
        return self.device.flip(bit: bit) != nil
    }

    /// Flips the bit back, unless it was written over.
    func mend() { self.device.unflip() }

    /// Tells of an entry that is there for good, with the balances after it; an engine that a
    /// planted bug puts in place of this disk's own tells of its entries too.
    package func tell(_ posted: Posted, _ balances: BalanceReading) {
        self.onCommit(posted, balances)
    }
}

extension Disk {
    /// Returns when the device is done with what it was asked.
    private func settle(_ work: JournalWork) async {
        let end =
            switch work {
            case .writing: Self.instant(self.device.busyUntil)
            case .reading: self.clock.now.advanced(by: Self.readTime)
            }
        guard end > self.clock.now else { return }
        // A device does not give up when its caller does.
        await withCheckedContinuation { continuation in
            _ = self.clock.call(at: end) { continuation.resume() }
        }
    }

    /// Tells of the entries in `connection` that were not told of, because a process died before.
    func opened(_ connection: any JournalConnection, _ opening: Int) {
        let told = self.state.withLock { $0.told }
        guard let entries = try? connection.entries(after: told, limit: .max) else { return }
        self.tell(entries.map(\.entry), connection, opening, at: self.device.busyUntil)
    }

    /// Tells of what was committed when it is synced, and of what was answered when it is.
    func committed(
        _ verdicts: [Result<JournalVerdict, JournalError>],
        _ connection: any JournalConnection,
        _ opening: Int
    ) {
        let verdicts = verdicts.compactMap { try? $0.get() }
        let entries = verdicts.compactMap(\.recorded)
        self.tell(entries, connection, opening, at: self.device.syncedAt)
        let answers = verdicts.map(\.isAgain)
        _ = self.clock.call(at: Self.instant(self.device.busyUntil)) {
            guard self.isOpen(opening) else { return }
            for isAgain in answers { self.onAnswer(isAgain) }
        }
    }

    private func tell(
        _ entries: [Entry],
        _ connection: any JournalConnection,
        _ opening: Int,
        at nanoseconds: Int64
    ) {
        guard let last = entries.last else { return }
        let readings = entries.map { entry in
            (Posted(entry), BalanceReading(connection, entry, after: last.sequence))
        }
        _ = self.clock.call(at: Self.instant(nanoseconds)) {
            guard self.isOpen(opening) else { return }
            self.state.withLock { $0.told = max($0.told, last.sequence) }
            for (posted, reading) in readings { self.tell(posted, reading) }
        }
    }

    private static func instant(_ nanoseconds: Int64) -> VirtualClock.Instant {
        VirtualClock.Instant(sinceStart: .nanoseconds(nanoseconds))
    }

    private func isOpen(_ opening: Int) -> Bool { self.state.withLock { $0.opening == opening } }

    private func isStruck(_ kind: FaultPlan.Kind) -> Bool { Self.isStruck(kind, self.injector) }

    private static func isStruck(_ kind: FaultPlan.Kind, _ injector: FaultInjector) -> Bool {
        injector.struck { $0.plan.kind == kind && $0.isAimed(at: Self.node) } != nil
    }

    private static func decide(_ operation: DiskOperation, _ injector: FaultInjector) -> DiskVerdict
    {
        switch operation {
        case .read: return self.isStruck(.diskError, injector) ? .fail : .pass(.zero)
        case .write: return self.isStruck(.diskError, injector) ? .fail : .pass(self.writeTime)
        case .extend:
            if self.isStruck(.diskFull, injector) { return .full }
            return self.isStruck(.diskError, injector) ? .fail : .pass(self.writeTime)
        case .sync:
            let time = self.syncTime + self.slowness(injector)
            return self.isStruck(.diskUnsaid, injector) ? .failUnsaid(time) : .pass(time)
        }
    }

    private static func slowness(_ injector: FaultInjector) -> Duration {
        var time = Duration.zero
        injector.strike {
            if case .diskSlow = $0.plan.kind { $0.isAimed(at: Self.node) } else { false }
        } _: {
            guard case .diskSlow(let extra) = $0.plan.kind else { return false }
            time += extra
            return true
        }
        return time
    }
}

extension BalanceReading {
    /// Reads from `connection` the currency that `entry` moved, when `sequence` entries are there.
    fileprivate init(
        _ connection: any JournalConnection,
        _ entry: Entry,
        after sequence: UInt64
    ) {
        let currency = entry.transfer.amount.currency
        let accounts = Account.all.map { account in
            let balance = (try? connection.balance(of: account, in: currency)) ?? Balance()
            return AccountReading(
                account: account.name,
                debits: balance.debits,
                credits: balance.credits
            )
        }
        self.init(currency: currency.code, accounts: accounts, sequence: sequence)
    }
}
