internal import CSQLite
import Domain
import StorageCore

/// The files of a journal, opened in order and checked before use.
struct JournalFiles {
    let folder: String
    let vfs: String

    var database: String { "\(self.folder)/ledger.db" }
    private var log: String { "\(self.database)-wal" }
    private var lock: String { "\(self.folder)/ledger.lock" }
    var watermark: String { "\(self.folder)/ledger.mark" }

    /// The length of the log, in pages, at which it is copied into the database.
    static let checkpointPages = 4_000

    /// Opens the journal for its single writer and creates it if missing.
    ///
    /// - Throws: `refused` if another process holds the lock or the files are damaged.
    func openWriter(
        _ chainer: EntryChainer
    ) throws(JournalOpenError) -> any JournalConnection {
        let lock = try self.takeLock()
        do throws(SQLiteError) {
            try LogFile.makeDurable(self.log, vfs: self.vfs)
            let database = try self.open(.writing)
            try database.execute(
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                PRAGMA wal_autocheckpoint = \(Self.checkpointPages); PRAGMA cache_size = -65536
                """
            )
            if try JournalSchema.isMissing(in: database) { try JournalSchema.create(in: database) }
            let watermark = try DurabilityWatermark(self.watermark, vfs: self.vfs)
            let connection = try self.connect(database, watermark: watermark, lock: lock, chainer)
            try connection.syncLog()
            return connection
        } catch {
            throw error.whileOpening(self.database)
        }
    }

    /// Opens the journal for reading, beside the writer.
    func openReader(
        _ chainer: EntryChainer
    ) throws(JournalOpenError) -> any JournalConnection {
        do throws(SQLiteError) {
            let database = try self.open(.reading)
            try database.execute("PRAGMA query_only = ON")
            let watermark = try? DurabilityWatermark(self.watermark, vfs: self.vfs, makes: false)
            return try self.connect(database, watermark: watermark, lock: nil, chainer)
        } catch {
            throw error.whileOpening(self.database)
        }
    }

    /// Copies a committed state of the journal into `target`, which must be empty.
    func copy(to target: JournalFiles) throws(JournalOpenError) {
        do throws(SQLiteError) {
            let source = try self.open(.reading)
            try JournalSchema.check(source)
            let copy = try target.open(.writing)
            try source.copy(to: copy)
            let last = try copy.integer("SELECT ifnull(max(sequence), 0) FROM entries")
            try DurabilityWatermark(target.watermark, vfs: target.vfs).write(UInt64(clamping: last))
        } catch {
            throw error.whileOpening(self.database)
        }
    }

    /// Opens the database with page checksums.
    func open(_ access: SQLiteDatabase.Access) throws(SQLiteError) -> SQLiteDatabase {
        let checked = try CheckedFileSystem.name(over: self.vfs)
        let database = try SQLiteDatabase.open(self.database, access, vfs: checked)
        try database.keepLogOnClose()
        try database.reserve(PageChecksum.byteCount)
        try database.execute(
            "PRAGMA page_size = \(PageChecksum.pageByteCount); PRAGMA trusted_schema = OFF"
        )
        return database
    }

    private func connect(
        _ database: consuming SQLiteDatabase,
        watermark: DurabilityWatermark?,
        lock: JournalLock?,
        _ chainer: EntryChainer
    ) throws(SQLiteError) -> SQLiteJournalConnection {
        try JournalSchema.check(database)
        let reading = try watermark?.read()
        let connection = try SQLiteJournalConnection(
            database,
            chainer,
            watermark: watermark,
            lock: lock,
            checkAccess: self.checkAccess
        )
        try self.compare(reading ?? .nothing, with: connection.lastSequence)
        return connection
    }

    /// - Throws: `SQLITE_READONLY` if the database or its folder is not writable.
    private func checkAccess() throws(SQLiteError) {
        for path in [self.database, self.folder]
        where !SQLiteDatabase.isWritable(path, vfs: self.vfs) {
            throw SQLiteError(code: SQLITE_READONLY, message: "\(path) is not writable")
        }
    }

    private func compare(
        _ reading: DurabilityWatermark.Reading,
        with last: UInt64
    ) throws(SQLiteError) {
        switch reading {
        case .nothing: return
        case .sequence(let durable) where durable <= last: return
        case .sequence(let durable):
            throw .damaged(
                """
                the journal ends with entry \(last), and entry \(durable) was durable: \
                \(self.database)-wal is damaged or was cut; restore a backup
                """
            )
        case .damaged:
            throw .damaged(
                """
                \(self.watermark) is damaged; when `runtime ledger verify` finds nothing wrong, \
                remove it
                """
            )
        }
    }

    /// Excludes other writing processes.
    private func takeLock() throws(JournalOpenError) -> JournalLock {
        do throws(SQLiteError) {
            return try JournalLock(self.lock, vfs: self.vfs)
        } catch {
            guard error.primary == SQLITE_BUSY else { throw error.whileOpening(self.lock) }
            throw .refused(
                reason: "another process has the journal in \(self.folder) open; stop it first"
            )
        }
    }
}

/// An exclusive lock for the lifetime of the process: SQLite's lock on an empty database.
final class JournalLock {
    private let database: SQLiteDatabase

    /// - Throws: `SQLITE_BUSY` if another process holds the lock.
    init(_ path: String, vfs: String) throws(SQLiteError) {
        self.database = try SQLiteDatabase.open(path, .writing, vfs: vfs)
        try self.database.execute("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")
    }
}
