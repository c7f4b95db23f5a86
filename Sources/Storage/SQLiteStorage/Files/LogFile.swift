internal import CSQLite

/// SQLite's log, of which nobody knows how much is on the disk.
///
/// A process died before it had synced what it wrote, or a sync failed: Linux then takes what it could
/// not write for written, and the next sync succeeds without it. What is read of such a file may be
/// gone after a power cut.
enum LogFile {
    /// SQLite's file system for Unix writes less than 128 KiB at a time.
    private static let pieceByteCount = 1 << 16

    /// Writes what can be read of the log at `path` over itself, and syncs it; nothing when there is
    /// none.
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
