package import SystemPackage

/// Output that could not be written completely.
package struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The destination: a path or `standard output`.
    package let place: String
    package let cause: Errno

    package init(_ place: String, _ cause: Errno) {
        self.place = place
        self.cause = cause
    }

    package var description: String { "cannot write \(self.place): \(self.cause); it is not whole" }

    /// 1 for a closed pipe, as in coreutils; otherwise `EX_IOERR` of sysexits.h.
    package var exitCode: Int32 { self.cause == .brokenPipe ? 1 : 74 }
}
