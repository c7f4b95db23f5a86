internal import SystemPackage

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The output that a command was asked for: every write is checked.
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

/// Sentences of a command beside its output.
///
/// A write that fails has nobody to tell: it is left, and the exit code stays what it was.
package enum StandardError {
    /// The milliseconds that a reader may take nothing before the rest is left.
    private static let patience: Int32 = 2_000

    /// Says `text`, which may have several lines; whatever else would steer a terminal is shown.
    package static func say(_ text: String) {
        self.write(Array("\(VisibleText.lines(text))\n".utf8))
    }

    package static func write(_ bytes: [UInt8]) {
        _ = FileDescriptor.standardError.write(all: bytes, patience: self.patience)
    }
}

/// The places of the standard streams.
package enum StandardStreams {
    /// Keeps files and sockets from taking the number of a stream that is closed.
    ///
    /// Output would go into them; a write to a closed stream fails as before.
    package static func holdPlaces() {
        for place: CInt in 0...2 {
            if let copy = try? FileDescriptor(rawValue: place).duplicate() {
                try? copy.close()
            } else {
                // The lowest number that is free is given.
                _ = try? FileDescriptor.open(FilePath("/dev/null"), .readOnly)
            }
        }
    }

    /// Makes a reader who is gone an error of whoever writes, and not the end of the process.
    package static func outliveReaders() { signal(SIGPIPE, SIG_IGN) }
}
