import DiskSimulation
import Domain
import SQLiteStorage
import StorageCore

/// The real engine over a disk of the rehearsal, which hears of every commit.
struct RehearsedEngine: JournalEngine {
    private let base: SQLiteJournalEngine
    /// Keeps the disk within SQLite's reach.
    private let mount: DiskMount
    private let disk: Disk
    private let opening: Int

    init(_ base: SQLiteJournalEngine, _ mount: DiskMount, _ disk: Disk, _ opening: Int) {
        self.base = base
        self.mount = mount
        self.disk = disk
        self.opening = opening
    }

    func openWriter() throws(JournalOpenError) -> any JournalConnection {
        let connection = try self.base.openWriter()
        self.disk.opened(connection, self.opening)
        return HeardConnection(connection, self.disk, self.opening)
    }

    func openReader() throws(JournalOpenError) -> any JournalConnection {
        try self.base.openReader()
    }

    func settle(_ work: JournalWork) async { await self.base.settle(work) }

    func waitBeforeReopening(_ attempt: Int) async throws {
        try await self.base.waitBeforeReopening(attempt)
    }
}

/// A connection whose commits the disk hears of.
private final class HeardConnection: JournalConnection {
    private let base: any JournalConnection
    private let disk: Disk
    private let opening: Int

    init(_ base: any JournalConnection, _ disk: Disk, _ opening: Int) {
        self.base = base
        self.disk = disk
        self.opening = opening
    }

    func commit(
        _ batch: [JournalWrite]
    ) throws(JournalError) -> [Result<JournalVerdict, JournalError>] {
        let verdicts = try self.base.commit(batch)
        self.disk.committed(verdicts, self.base, self.opening)
        return verdicts
    }

    func history(of paymentID: PaymentID) throws(JournalError) -> CaptureHistory? {
        try self.base.history(of: paymentID)
    }

    func balance(of account: Account, in currency: Currency) throws(JournalError) -> Balance {
        try self.base.balance(of: account, in: currency)
    }

    func entries(after sequence: UInt64, limit: Int) throws(JournalError) -> [ChainedEntry] {
        try self.base.entries(after: sequence, limit: limit)
    }

    func movements(after sequence: UInt64, limit: Int) throws(JournalError) -> [Movement] {
        try self.base.movements(after: sequence, limit: limit)
    }

    var durableHead: JournalHead { self.base.durableHead }

    var seenSequence: UInt64 { self.base.seenSequence }

    func hasAccepted(lossOf head: JournalHead) throws(JournalError) -> Bool {
        try self.base.hasAccepted(lossOf: head)
    }

    func checkStore() throws(JournalError) -> String? { try self.base.checkStore() }

    func close() { self.base.close() }
}

extension JournalVerdict {
    /// True when it was recorded before.
    var isAgain: Bool {
        switch self {
        case .capture(.alreadyRecorded), .refund(.alreadyRecorded): true
        default: false
        }
    }
}
