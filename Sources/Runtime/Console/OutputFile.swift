internal import SystemPackage

/// A file that a command makes.
package enum OutputFile {
    /// Writes `bytes` to `path`, in place of what was there.
    package static func write(_ bytes: [UInt8], to path: String) throws(OutputError) {
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            let error = file.write(all: bytes).error
            // Some file systems say only now that there was no room.
            try file.close()
            if let error { throw error }
        } catch {
            throw OutputError(path, error as? Errno ?? .ioError)
        }
    }
}
