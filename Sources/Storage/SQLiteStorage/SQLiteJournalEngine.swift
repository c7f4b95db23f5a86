package import Domain
package import StorageCore

/// A journal in a folder: the database `ledger.db`, the watermark of durable entries `ledger.watermark`, and
/// `ledger.lock`, held by one process.
///
/// Every commit syncs the write-ahead log (`synchronous=FULL`), so it survives a power cut.
package struct SQLiteJournalEngine: JournalEngine {
    /// SQLite's file system of the operating system.
    package static let systemFiles = "unix"

    private let files: JournalFiles
    private let chainer: EntryChainer
    private let settling: @Sendable (JournalWork) async -> Void
    private let waiting: @Sendable (_ attempt: Int) async throws -> Void
    package let waitForProbe: (@Sendable () async -> Void)?

    /// - Parameters:
    ///   - folder: The folder of the files; must exist.
    ///   - vfs: The SQLite file system, by its registered name.
    ///   - chainer: Chains new entries and verifies stored ones.
    ///   - settling: Waits for a simulated device; a real one blocks anyway.
    ///   - waiting: Waits before the store is reopened.
    ///   - probing: Waits until the next check of idle files; nil for no checks.
    package init(
        folder: String,
        vfs: String = Self.systemFiles,
        chainer: EntryChainer,
        settling: @escaping @Sendable (JournalWork) async -> Void = { _ in },
        waiting: @escaping @Sendable (_ attempt: Int) async throws -> Void,
        probing: (@Sendable () async -> Void)? = nil
    ) {
        self.files = JournalFiles(folder: folder, vfs: vfs)
        self.chainer = chainer
        self.settling = settling
        self.waiting = waiting
        self.waitForProbe = probing
    }

    package func openWriter() throws(JournalOpenError) -> any JournalConnection {
        try self.files.openWriter(self.chainer)
    }

    package func openReader() throws(JournalOpenError) -> any JournalConnection {
        try self.files.openReader(self.chainer)
    }

    /// Copies the journal in `source`, which may be in use, to the empty `folder`.
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
