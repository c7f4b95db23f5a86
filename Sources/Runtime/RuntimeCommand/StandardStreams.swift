import SystemPackage

/// Says on standard error what went wrong.
func complain(_ message: String) {
    FileDescriptor.standardError.write("runtime: \(message)\n".utf8)
}

extension FileDescriptor {
    /// Writes to a standard stream; one that nobody reads any more is no fault of ours.
    func write(_ bytes: some Sequence<UInt8>) {
        _ = try? self.writeAll(bytes)
    }
}
