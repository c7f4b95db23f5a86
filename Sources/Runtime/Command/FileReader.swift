import SystemPackage

/// Reads a file sequentially.
@safe
final class FileReader {
    private let descriptor: FileDescriptor

    /// Opens the file at `path`.
    ///
    /// - Throws: `Errno`.
    init(path: String) throws {
        self.descriptor = try unsafe FileDescriptor.open(path, .readOnly)
    }

    deinit { try? self.descriptor.close() }

    /// The next bytes, at most `byteCountMax`; empty at the end.
    ///
    /// - Throws: `Errno`; a read error is never taken for the end of the file.
    func read(upTo byteCountMax: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: byteCountMax) { buffer, count in
            count = try unsafe self.descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
