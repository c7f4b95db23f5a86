import SystemPackage

/// A file that is read from its beginning to its end.
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
    /// - Throws: `Errno`; a file that cannot be read to its end is not one that ends there.
    func read(upTo byteCountMax: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: byteCountMax) { buffer, count in
            count = try unsafe self.descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
