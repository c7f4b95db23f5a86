import DiskSimulation
import Domain
import Identity
import SQLiteStorage
import StorageCore
import Synchronization

/// A journal on a simulated disk whose time goes on only when a test says so.
final class SimulatedJournal {
    let disk: SimulatedDisk
    let clock: Clock
    private var mount: DiskMount

    static let chainer = EntryChainer(sha256: { SHA256Digest.digest($0) }, now: { 1_893_456_000 })

    /// Nanoseconds.
    final class Clock: Sendable {
        private let time = Mutex<Int64>(0)
        private let verdict = Mutex<(@Sendable (DiskOperation) -> DiskVerdict)?>(nil)

        var now: Int64 {
            get { self.time.withLock { $0 } }
            set { self.time.withLock { $0 = newValue } }
        }

        /// The disk's verdicts; nil when every operation takes a microsecond.
        var rule: (@Sendable (DiskOperation) -> DiskVerdict)? {
            get { self.verdict.withLock { $0 } }
            set { self.verdict.withLock { $0 = newValue } }
        }
    }

    convenience init() {
        let clock = Clock()
        let disk = SimulatedDisk(
            .init(
                now: { clock.now },
                decide: { clock.rule?($0) ?? .pass(.microseconds(1)) }
            )
        )
        self.init(disk, clock)
    }

    private init(_ disk: SimulatedDisk, _ clock: Clock) {
        self.disk = disk
        self.clock = clock
        self.mount = DiskMount(disk.open())
    }

    /// Another one with the same files.
    func copy() -> SimulatedJournal { SimulatedJournal(self.disk.copy(), self.clock) }

    private var engine: SQLiteJournalEngine {
        SQLiteJournalEngine(
            folder: "/ledger",
            vfs: self.mount.name,
            chainer: Self.chainer,
            waiting: { _ in }
        )
    }

    func openWriter() throws(JournalOpenError) -> any JournalConnection {
        try self.engine.openWriter()
    }

    /// A journal on the disk, which its caller runs.
    func journal(watch: CommitWatch) -> GroupCommitJournal {
        GroupCommitJournal(self.engine, writing: nil, reading: nil, watch: watch)
    }

    /// The device gets done with everything.
    func settle() { self.clock.now = max(self.clock.now, self.disk.busyUntil) }

    /// The process dies, and another one comes.
    func crash(_ loss: DiskLoss, keeps: () -> Bool = { false }) {
        self.disk.crash(loss, keeps: keeps)
        self.mount = DiskMount(self.disk.open())
    }

    /// A capture and now and then a refund of an earlier one.
    static func write(_ number: Int) throws -> JournalWrite {
        let euro = try Currency(code: number.isMultiple(of: 3) ? "USD" : "EUR")
        if number % 4 == 3 {
            return .refund(
                try RefundDraft(
                    id: try RefundID("ref_\(number)"),
                    paymentID: try PaymentID("pay_\(number - 1)"),
                    amount: 5,
                    reason: try Reason(""),
                    subject: try Subject("ann"),
                    owner: nil
                )
            )
        }
        return .capture(
            Capture(
                paymentID: try PaymentID("pay_\(number)"),
                amount: try Amount(minorUnits: Int64(100 + number), currency: euro),
                method: .card,
                orderID: nil,
                subject: try Subject("ann")
            )
        )
    }
}

extension JournalConnection {
    /// Every entry.
    func everything() throws(JournalError) -> [ChainedEntry] {
        try self.entries(after: 0, limit: .max)
    }
}
