import DiskSimulation
import Domain
import Foundation
import Identity
import PostgreSQLStorage
import PostgreSQLTestSupport
import SQLiteStorage
import StorageCore
import Testing

/// Every engine that a ledger can use.
enum JournalKind: String, CaseIterable, CustomTestStringConvertible {
    case memory
    case sqlite
    case sqliteOnSimulatedDisk
    case postgresql

    /// The engines available here; the PostgreSQL tests are skipped without a server.
    static let allCases: [JournalKind] = [.memory] + durable

    /// The engines that store entries durably.
    static let durable: [JournalKind] =
        [.sqlite, .sqliteOnSimulatedDisk] + (TestServer.isThere ? [.postgresql] : [])

    var testDescription: String { self.rawValue }

    /// Runs `body` with a store and deletes the store.
    func withStore(_ body: (JournalStore) async throws -> Void) async throws {
        switch self {
        case .memory:
            let journal = InMemoryJournal(JournalStore.chainer)
            try await body(JournalStore { journal })
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "journal-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await body(
                JournalStore { Self.journal(folder, vfs: SQLiteJournalEngine.systemFiles) }
            )
        case .sqliteOnSimulatedDisk:
            let disk = SimulatedDisk(.init(now: { 0 }, decide: { _ in .pass(.zero) }))
            let mount = DiskMount(disk.open())
            try await body(JournalStore { Self.journal("/ledger", vfs: mount.name) })
            withExtendedLifetime(mount) {}
        case .postgresql:
            try await ScratchSchema.with { schema in
                try await body(JournalStore { Self.journal(in: schema) })
            }
        }
    }

    private static func journal(in schema: ScratchSchema) -> GroupCommitJournal {
        let engine = PostgreSQLJournalEngine(
            url: schema.url,
            chainer: JournalStore.chainer,
            pausing: {},
            waiting: { _ in await Task.yield() }
        )
        return GroupCommitJournal(engine, writing: nil, reading: nil)
    }

    private static func journal(_ folder: String, vfs: String) -> GroupCommitJournal {
        let engine = SQLiteJournalEngine(
            folder: folder,
            vfs: vfs,
            chainer: JournalStore.chainer,
            waiting: { _ in }
        )
        return GroupCommitJournal(engine, writing: nil, reading: nil)
    }

    /// Runs `body` with a running journal.
    func withJournal(_ body: (any Journal) async throws -> Void) async throws {
        try await self.withStore { store in try await store.withJournal(body) }
    }
}

/// The storage behind a journal, which survives closing it.
struct JournalStore {
    /// Chains with SHA-256, at a constant time.
    static let chainer = EntryChainer(sha256: { SHA256Digest.digest($0) }, now: { 1_893_456_000 })

    /// Opens a journal over the storage.
    let open: () -> any Journal

    /// Runs `body` with a ready journal, then closes it.
    func withJournal(_ body: (any Journal) async throws -> Void) async throws {
        let journal = self.open()
        let (statuses, reporter) = AsyncStream.makeStream(of: JournalStatus.self)
        let work = Task { await journal.run { reporter.yield($0) } }
        for await status in statuses {
            guard status == .ready else { throw JournalNotReady(status: status) }
            break
        }
        var failure: (any Error)?
        do { try await body(journal) } catch { failure = error }
        work.cancel()
        await work.value
        if let failure { throw failure }
    }
}

struct JournalNotReady: Error {
    let status: JournalStatus
}
