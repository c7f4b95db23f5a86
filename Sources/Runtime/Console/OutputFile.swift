internal import SystemPackage

/// Writes output files.
package enum OutputFile {
    /// Writes `bytes` to `path`, replacing its content.
    package static func write(_ bytes: [UInt8], to path: String) throws(OutputError) {
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            let error = file.write(all: bytes).error
            // Some file systems report a full disk only on close.
            try file.close()
            if let error { throw error }
        } catch {
            throw OutputError(path, error as? Errno ?? .ioError)
        }
    }
}
