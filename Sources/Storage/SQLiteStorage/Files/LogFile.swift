internal import CSQLite

/// SQLite's write-ahead log after a crash, possibly not on the disk.
///
/// Its process may have died before a sync, or a sync may have failed: Linux then marks the dirty
/// pages clean, and the next sync succeeds without them. Data read from such a file may vanish in a
/// power cut.
enum LogFile {
    /// SQLite's Unix file system writes less than 128 KiB at a time.
    private static let pieceByteCount = 1 << 16

    /// Syncs writes that a crashed process left unsynced.
    ///
    /// Rewrites the readable part of the log at `path` in place and syncs it. Does nothing if the
    /// file is missing.
    static func makeDurable(_ path: String, vfs: String) throws(SQLiteError) {
        let file: RawFile
        do throws(SQLiteError) {
            file = try RawFile(path, vfs: vfs, makes: false)
        } catch {
            if error.primary == SQLITE_CANTOPEN { return }
            throw error
        }
        let size = try file.size()
        if size == 0 { return }
        for offset in stride(from: 0, to: size, by: self.pieceByteCount) {
            let count = min(self.pieceByteCount, size - offset)
            guard let bytes = try file.read(count, at: offset) else { break }
            try file.write(bytes, at: offset)
        }
        try file.sync()
    }
}
