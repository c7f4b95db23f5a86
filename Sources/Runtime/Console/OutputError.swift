package import SystemPackage

/// Output that could not be written to its end.
package struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place it was to go to: a path, or `standard output`.
    package let place: String
    package let cause: Errno

    package init(_ place: String, _ cause: Errno) {
        self.place = place
        self.cause = cause
    }

    package var description: String { "cannot write \(self.place): \(self.cause); it is not whole" }

    /// 1 where nobody reads any more, as the tools of coreutils have it; else `EX_IOERR` of sysexits.h.
    package var exitCode: Int32 { self.cause == .brokenPipe ? 1 : 74 }
}
