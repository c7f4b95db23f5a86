internal import SystemPackage

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A command's output; every write is checked.
package enum StandardOutput {
    /// Prints a line.
    package static func print(_ line: String) throws(OutputError) {
        try self.write(Array("\(line)\n".utf8))
    }

    package static func write(_ bytes: [UInt8]) throws(OutputError) {
        if let error = FileDescriptor.standardOutput.write(all: bytes).error {
            throw OutputError("standard output", error)
        }
    }
}

/// A command's messages beside its output.
///
/// Write errors are ignored: there is nowhere to report them, and the exit code stays unchanged.
package enum StandardError {
    /// Milliseconds to wait for a reader that takes nothing, before the rest is dropped.
    private static let patience: Int32 = 2_000

    /// Writes `text`, possibly several lines, with control characters escaped.
    package static func say(_ text: String) {
        self.write(Array("\(VisibleText.lines(text))\n".utf8))
    }

    package static func write(_ bytes: [UInt8]) {
        _ = FileDescriptor.standardError.write(all: bytes, patience: self.patience)
    }
}

/// The descriptors of the standard streams.
package enum StandardStreams {
    /// Opens `/dev/null` for closed standard streams, so that no file or socket takes their number.
    ///
    /// Otherwise output would go into that file. Writes to such a stream fail as before.
    package static func holdPlaces() {
        for place: CInt in 0...2 {
            if let copy = try? FileDescriptor(rawValue: place).duplicate() {
                try? copy.close()
            } else {
                // `open` returns the lowest free number.
                _ = try? FileDescriptor.open(FilePath("/dev/null"), .readOnly)
            }
        }
    }

    /// Ignores SIGPIPE, so that a closed reader is a write error instead of the end of the process.
    package static func outliveReaders() { signal(SIGPIPE, SIG_IGN) }
}
