/// A small file beside the journal that says how far it was durable, at least.
///
/// SQLite's log is cut at the first frame that is damaged, and nobody is told. The mark is written
/// after each commit and never waits for the disk: what it says was durable before, so a journal
/// that ends sooner has lost entries. After a power cut it may say less than there is.
///
/// The bytes are the number of the last entry, the highest first, and the complement of each.
final class MarkFile {
    private let file: RawFile

    static let byteCount = 16

    /// Opens the file at `path` by the file system called `vfs`; `makes` it when there is none.
    init(_ path: String, vfs: String, makes: Bool = true) throws(SQLiteError) {
        self.file = try RawFile(path, vfs: vfs, makes: makes)
    }

    enum Reading: Equatable {
        /// Nothing was ever noted.
        case nothing
        case sequence(UInt64)
        /// The bytes are none that were written.
        case damaged
    }

    func read() throws(SQLiteError) -> Reading {
        let size = try self.file.size()
        if size == 0 { return .nothing }
        guard let bytes = try self.file.read(Self.byteCount, at: 0) else { return .damaged }
        let pairs = zip(bytes.prefix(8), bytes.suffix(8))
        guard size == Self.byteCount, pairs.allSatisfy({ $0 == ~$1 }) else { return .damaged }
        return .sequence(bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Notes that everything up to `sequence` is durable; a note that fails is made up for by the
    /// next one.
    func write(_ sequence: UInt64) {
        let number = stride(from: 56, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: sequence >> UInt64($0))
        }
        try? self.file.write(number + number.map(~), at: 0)
    }
}
