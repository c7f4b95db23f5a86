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

/// The ledger's journal in a serving process: two threads that may block, and a patience.
package enum LedgerJournal {
    /// How long it takes at the most until a lost store is tried again.
    package static let reopeningWaitMax = Duration.seconds(2)

    private static let reopeningWaitMin = Duration.milliseconds(20)

    /// How long entries that another ledger appends may stay unseen by those who wait for them.
    package static let othersWait = Duration.milliseconds(100)

    /// The longest time that the end of an idle database session goes unnoticed.
    static let probeWait = Duration.milliseconds(100)

    /// How long it may go unnoticed that idle files are gone or may not be written any more.
    static let filesProbeWait = Duration.seconds(1)

    /// A journal in SQLite files in `folder`, which must be there.
    package static func sqlite(
        folder: String,
        _ surroundings: Surroundings
    ) -> GroupCommitJournal {
        let engine = SQLiteJournalEngine(
            folder: folder,
            sealer: .sha256(surroundings),
            waiting: self.waiting(surroundings.timeline),
            probing: { [timeline = surroundings.timeline] in
                try? await timeline.sleep(for: self.filesProbeWait)
            }
        )
        return self.journal(engine, surroundings)
    }

    /// A journal in the database at `url`, to which other ledgers may write too; `watermark` keeps
    /// what this one acknowledged last.
    package static func postgresql(
        _ url: DatabaseURL,
        _ surroundings: Surroundings,
        watermark: WatermarkStore? = nil
    ) -> GroupCommitJournal {
        let timeline = surroundings.timeline
        let names = DatabaseNames()
        let engine = PostgreSQLJournalEngine(
            url: url.text,
            sealer: .sha256(surroundings),
            pausing: { try? await timeline.sleep(for: self.othersWait) },
            waiting: self.waiting(timeline),
            probing: { try? await timeline.sleep(for: self.probeWait) },
            resolving: { await names.addresses(of: $0) }
        )
        return self.journal(engine, surroundings, watermark)
    }

    private static func journal(
        _ engine: any JournalEngine,
        _ surroundings: Surroundings,
        _ watermark: WatermarkStore? = nil
    ) -> GroupCommitJournal {
        // Commits and reads block; no other work shares their threads.
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        return GroupCommitJournal(
            engine,
            writing: LoopExecutor(threads.next()),
            reading: LoopExecutor(threads.next()),
            watch: surroundings.sight.commits,
            watermark: watermark,
            noting: { [logger = surroundings.logger] in logger.warning("\($0)") }
        )
    }

    /// A connection that reads the journal of `store`, beside whoever writes it.
    ///
    /// - Throws: ``JournalOpenError``; ``ConfigurationProblem`` when the store keeps nothing.
    package static func reading(
        _ store: LedgerStore
    ) throws -> any JournalConnection {
        if case .database(let url) = store { return try self.engine(url).openAnywhere() }
        return try self.reading(folder: try store.folder)
    }

    /// A connection that reads the journal in `folder`, beside whoever writes it.
    package static func reading(folder: String) throws(JournalOpenError) -> any JournalConnection {
        try SQLiteJournalEngine(
            folder: folder,
            sealer: self.checking,
            waiting: { _ in }
        ).openReader()
    }

    /// Accepts that the entry of `lost` is not in the database at `url` any more.
    ///
    /// - Returns: false, and nothing is accepted, when it is there.
    package static func accept(
        lossOf lost: JournalHead,
        in url: DatabaseURL
    ) throws(JournalOpenError) -> Bool {
        try self.engine(url).accept(lossOf: lost)
    }

    /// An engine that seals nothing.
    private static func engine(_ url: DatabaseURL) -> PostgreSQLJournalEngine {
        PostgreSQLJournalEngine(
            url: url.text,
            sealer: self.checking,
            pausing: {},
            waiting: { _ in }
        )
    }

    /// Checks the seals of entries, and makes none.
    private static var checking: EntrySealer {
        EntrySealer(sha256: { SHA256Digest.digest($0) }, now: { 0 })
    }

    /// Copies the journal in `source` into `folder`, which is there and empty, beside whoever
    /// writes it.
    package static func copy(
        from source: String,
        to folder: String
    ) throws(JournalOpenError) {
        try SQLiteJournalEngine.copy(from: source, to: folder)
    }

    /// Waits before the `attempt`-th try, twice as long each time.
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
