/// A small file beside the journal with a lower bound of the durable entries.
///
/// SQLite silently cuts its log at the first damaged frame. The watermark is written after each commit,
/// without a sync: a journal that ends before the watermark has lost entries. After a power cut the watermark
/// may lag behind the journal.
///
/// The content is the last entry's sequence in eight big-endian bytes, followed by the complement
/// of each byte.
final class DurabilityWatermark {
    private let file: RawFile

    static let byteCount = 16

    /// Opens the file at `path` on the file system `vfs`; creates it if `makes` is true.
    init(_ path: String, vfs: String, makes: Bool = true) throws(SQLiteError) {
        self.file = try RawFile(path, vfs: vfs, makes: makes)
    }

    enum Reading: Equatable {
        /// The file is empty.
        case nothing
        case sequence(UInt64)
        /// The bytes are not a valid watermark.
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

    /// Records that all entries up to `sequence` are durable.
    ///
    /// Ignores errors: the next watermark replaces this one.
    func write(_ sequence: UInt64) {
        let number = stride(from: 56, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: sequence >> UInt64($0))
        }
        try? self.file.write(number + number.map(~), at: 0)
    }
}
