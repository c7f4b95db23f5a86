package import Domain
import GRPCTransport
import Identity
import Logging
import NIOCore
import NIOPosix
import PostgreSQLStorage
import SQLiteStorage
package import StorageCore
import TransportCore

/// Opens the ledger's journal, with two blocking threads and a delay before reopening.
package enum LedgerJournal {
    /// The longest delay before a store is reopened, reached while an operator must act.
    ///
    /// An unreachable store is reopened after at most 160 ms (``GroupCommitJournal``).
    package static let reopeningWaitMax = Duration.seconds(2)

    private static let reopeningWaitMin = Duration.milliseconds(20)

    /// The longest delay until entries appended by another ledger are noticed.
    package static let othersWait = Duration.milliseconds(100)

    /// The longest time until the end of an idle database session is noticed.
    static let probeWait = Duration.milliseconds(100)

    /// The longest time until missing or read-only files are noticed while idle.
    static let filesProbeWait = Duration.seconds(1)

    /// A journal in SQLite files in `folder`, which must exist.
    package static func sqlite(
        folder: String,
        _ dependencies: ServiceDependencies
    ) -> GroupCommitJournal {
        let engine = SQLiteJournalEngine(
            folder: folder,
            chainer: .sha256(dependencies),
            waiting: self.waiting(dependencies.timeline),
            probing: { [timeline = dependencies.timeline] in
                try? await timeline.sleep(for: self.filesProbeWait)
            }
        )
        return self.journal(engine, dependencies)
    }

    /// A journal in the database at `url`, shared with other ledgers.
    ///
    /// `watermark` stores the last entry acknowledged by this ledger; nil keeps it in memory.
    package static func postgresql(
        _ url: DatabaseURL,
        _ dependencies: ServiceDependencies,
        watermark: WatermarkStore? = nil
    ) -> GroupCommitJournal {
        let timeline = dependencies.timeline
        let names = DatabaseNames()
        let engine = PostgreSQLJournalEngine(
            url: url.text,
            chainer: .sha256(dependencies),
            pausing: { try? await timeline.sleep(for: self.othersWait) },
            waiting: self.waiting(timeline),
            probing: { try? await timeline.sleep(for: self.probeWait) },
            resolving: { await names.addresses(of: $0) }
        )
        return self.journal(engine, dependencies, watermark)
    }

    private static func journal(
        _ engine: any JournalEngine,
        _ dependencies: ServiceDependencies,
        _ watermark: WatermarkStore? = nil
    ) -> GroupCommitJournal {
        // Commits and reads block; no other work shares their threads.
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        return GroupCommitJournal(
            engine,
            writing: LoopExecutor(threads.next()),
            reading: LoopExecutor(threads.next()),
            watch: dependencies.instrumentation.commits,
            watermark: watermark,
            noting: { [logger = dependencies.logger] in logger.warning("\($0)") }
        )
    }

    /// Opens a read-only connection to the journal of `store`, beside its writer.
    ///
    /// - Throws: ``JournalOpenError``, or ``ConfigurationProblem`` for a temporary store.
    package static func reading(
        _ store: LedgerStore
    ) throws -> any JournalConnection {
        if case .database(let url) = store { return try self.engine(url).openAnywhere() }
        return try self.reading(folder: try store.folder)
    }

    /// Opens a read-only connection to the journal in `folder`, beside its writer.
    package static func reading(folder: String) throws(JournalOpenError) -> any JournalConnection {
        try SQLiteJournalEngine(
            folder: folder,
            chainer: self.checking,
            waiting: { _ in }
        ).openReader()
    }

    /// Accepts the loss of the entry `lost` in the database at `url`.
    ///
    /// - Returns: False, without any change, if the entry exists.
    package static func accept(
        lossOf lost: JournalHead,
        in url: DatabaseURL
    ) throws(JournalOpenError) -> Bool {
        try self.engine(url).accept(lossOf: lost)
    }

    /// An engine that only verifies entries.
    private static func engine(_ url: DatabaseURL) -> PostgreSQLJournalEngine {
        PostgreSQLJournalEngine(
            url: url.text,
            chainer: self.checking,
            pausing: {},
            waiting: { _ in }
        )
    }

    /// Verifies chain links; its timestamps are not for new entries.
    private static var checking: EntryChainer {
        EntryChainer(sha256: { SHA256Digest.digest($0) }, now: { 0 })
    }

    /// Copies the journal in `source`, which may be in use, into the empty `folder`.
    package static func copy(
        from source: String,
        to folder: String
    ) throws(JournalOpenError) {
        try SQLiteJournalEngine.copy(from: source, to: folder)
    }

    /// Waits before the `attempt`-th try: exponential backoff from 20 ms to ``reopeningWaitMax``.
    static func waiting(
        _ timeline: Timeline
    ) -> @Sendable (Int) async throws -> Void {
        { attempt in
            let factor = 1 << min(max(attempt, 0), 7)
            try await timeline.sleep(
                for: min(self.reopeningWaitMin * factor, self.reopeningWaitMax)
            )
        }
    }
}
