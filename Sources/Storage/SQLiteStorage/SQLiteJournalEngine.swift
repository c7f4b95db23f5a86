package import Domain
package import StorageCore

/// A journal in a folder: the database `ledger.db`, the mark of what is durable `ledger.mark`, and
/// `ledger.lock`, which only one process holds.
///
/// The write-ahead log is synced in every commit (`synchronous=FULL`): a commit that returned is
/// there after a power cut.
package struct SQLiteJournalEngine: JournalEngine {
    /// The file system of the machine.
    package static let systemFiles = "unix"

    private let files: JournalFiles
    private let sealer: EntrySealer
    private let settling: @Sendable (JournalWork) async -> Void
    private let waiting: @Sendable (_ attempt: Int) async throws -> Void
    package let waitForProbe: (@Sendable () async -> Void)?

    /// - Parameters:
    ///   - folder: Where the files are; it must be there.
    ///   - vfs: The file system that SQLite asks, by the name under which it is registered.
    ///   - sealer: Seals entries, and checks those that are read.
    ///   - settling: Returns when the device has taken its time; a real one is waited for anyway.
    ///   - waiting: Waits before the store is opened again.
    ///   - probing: Waits until files that nobody writes to are looked at; without it, none are.
    package init(
        folder: String,
        vfs: String = Self.systemFiles,
        sealer: EntrySealer,
        settling: @escaping @Sendable (JournalWork) async -> Void = { _ in },
        waiting: @escaping @Sendable (_ attempt: Int) async throws -> Void,
        probing: (@Sendable () async -> Void)? = nil
    ) {
        self.files = JournalFiles(folder: folder, vfs: vfs)
        self.sealer = sealer
        self.settling = settling
        self.waiting = waiting
        self.waitForProbe = probing
    }

    package func openWriter() throws(JournalOpenError) -> any JournalConnection {
        try self.files.openWriter(self.sealer)
    }

    package func openReader() throws(JournalOpenError) -> any JournalConnection {
        try self.files.openReader(self.sealer)
    }

    /// Copies the journal in `source` to `folder`, which is empty, while others read and write it.
    package static func copy(
        from source: String,
        to folder: String
    ) throws(JournalOpenError) {
        let files = JournalFiles(folder: source, vfs: self.systemFiles)
        try files.copy(to: JournalFiles(folder: folder, vfs: self.systemFiles))
    }

    package func settle(_ work: JournalWork) async { await self.settling(work) }

    package func waitBeforeReopening(_ attempt: Int) async throws {
        try await self.waiting(attempt)
    }
}
