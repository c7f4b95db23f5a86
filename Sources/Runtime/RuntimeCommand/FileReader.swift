import SystemPackage

/// A file that is read from its beginning to its end.
@safe
final class FileReader {
    private let descriptor: FileDescriptor

    /// Opens the file at `path`; nil when it cannot be read.
    init?(path: String) {
        guard let descriptor = try? unsafe FileDescriptor.open(path, .readOnly) else { return nil }
        self.descriptor = descriptor
    }

    deinit { try? self.descriptor.close() }

    /// The next bytes, at most `byteCountMax`; empty at the end.
    func read(upTo byteCountMax: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCountMax) { buffer, count in
            count =
                (try? unsafe self.descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
    }
}
